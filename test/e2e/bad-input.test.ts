import { describe, expect, it } from "vitest";
import { millrace, project } from "./millrace.js";

const good = `
import { flow, param, task } from "millrace";
const use = task("use", (value: unknown) => value);
export default flow("good", { params: { urls: param<string[]>(), n: param(3) } }, (p) => use([p.urls, p.n]));
`;
const several = `${good.replace("export default", "export const a =")}export const b = a && flow("other", () => use(1));`;

/** How each mistake ends: always exit code 2, nothing on stdout, and these lines on stderr. */
const mistakes: readonly (readonly [what: string, args: readonly string[], text: string, lines: readonly unknown[]])[] =
  [
    ["no file", ["run"], good, ["USAGE: which flow? Write millrace run FILE, or millrace run --help"]],
    ["no such file", ["run", "nowhere.ts"], good, ["FILE_NOT_FOUND: there is no file nowhere.ts: check its path"]],
    [
      "a syntax error",
      ["run", "flow.ts"],
      "const a: = 1;",
      ['FLOW_FILE_SYNTAX: flow.ts:1:10: Unexpected "="', "> 1 | const a: = 1;", "    |          ^"],
    ],
    [
      "a file that throws",
      ["run", "flow.ts"],
      "interface A {}\n\nnull!.x;",
      [
        expect.stringMatching(/^FLOW_FILE_THREW: flow\.ts:3:7 threw while it was loaded: TypeError: /),
        "> 3 | null!.x;",
        "    |       ^",
      ],
    ],
    [
      "no flow in it",
      ["run", "flow.ts"],
      "export const a = 1;",
      [
        "NO_FLOW_EXPORTED: flow.ts exports no flow: it exports a (number). Export what flow(...) returned, as in: export default flow(...)",
      ],
    ],
    [
      "several flows in it",
      ["run", "flow.ts"],
      several,
      ['SEVERAL_FLOWS: flow.ts exports several flows: a ("good"), b ("other"). Say which one: flow.ts:a'],
    ],
    [
      "no flow of that name in it",
      ["run", "flow.ts:c"],
      several,
      ['FLOW_NOT_FOUND: flow.ts exports nothing named c. Its flows are a ("good"), b ("other")'],
    ],
    [
      "a missing parameter",
      ["run", "flow.ts"],
      good,
      [
        'INVALID_PARAMS: the flow "good" cannot start with these parameters:',
        "- urls: it is required and missing",
        "  give it with --param urls=VALUE",
      ],
    ],
    [
      "an unknown parameter",
      ["run", "flow.ts", "--param", "urls=[]", "--param", "m=3"],
      good,
      [
        'INVALID_PARAMS: the flow "good" cannot start with these parameters:',
        "- m: there is no such parameter; there are urls, n",
      ],
    ],
    [
      "a wrong parameter",
      ["run", "flow.ts", "--param", "urls=[]", "--param", "n=many"],
      good,
      [
        'INVALID_PARAMS: the flow "good" cannot start with these parameters:',
        "- n: its default 3 is a number, this is text",
        "  given was --param n=many, read as text",
        "  write it as in --param n=1",
      ],
    ],
    [
      "a parameter without a value",
      ["run", "flow.ts", "--param", "n"],
      good,
      ["USAGE: --param n is no name=value: write it as in --param n=value"],
    ],
    [
      "a wrong executor",
      ["run", "flow.ts", "--executor", "processes"],
      good,
      [expect.stringContaining("Allowed choices are async, sequential, threads.")],
    ],
    [
      "a wrong concurrency",
      ["run", "flow.ts", "--concurrency", "0"],
      good,
      ["USAGE: --concurrency is 0: write a whole number from 1 on, as in --concurrency 8"],
    ],
    [
      "a concurrency in sequence",
      ["run", "flow.ts", "--executor", "sequential", "--concurrency", "2"],
      good,
      ["USAGE: --concurrency has no meaning with --executor sequential: it is of the executor async"],
    ],
    [
      "threads of no threads",
      ["run", "flow.ts", "--threads", "2", "--executor", "async"],
      good,
      ["USAGE: --threads has no meaning with --executor async: it is of the executor threads"],
    ],
    [
      "no threads",
      ["run", "flow.ts", "--threads", "0"],
      good,
      ["USAGE: --threads is 0: write a whole number from 1 on, as in --threads 8"],
    ],
    [
      "threads and concurrency",
      ["run", "flow.ts", "--threads", "2", "--concurrency", "2"],
      good,
      ["USAGE: --concurrency is of the executor async and --threads of the executor threads: give one"],
    ],
    ["an unknown option", ["run", "flow.ts", "--fast"], good, ["error: unknown option '--fast'"]],
    ["an unknown command", ["walk", "flow.ts"], good, ["error: unknown command 'walk'"]],
    [
      "a flow whose function throws",
      ["run", "flow.ts"],
      `import { flow } from "millrace";\nexport default flow("f", () => {\n  throw new TypeError("no");\n});`,
      [
        "TypeError: no",
        "  at flow.ts:3:9",
        `    2 | export default flow("f", () => {`,
        `  > 3 |   throw new TypeError("no");`,
        "      |         ^",
      ],
    ],
  ];

describe("a mistake is told, and ends with exit code 2:", () => {
  it.each(mistakes)("%s", async (_what, args, text, lines) => {
    const { code, stdout, stderr } = await millrace(project({ "flow.ts": text }), ...args);
    expect(stderr.trimEnd().split("\n")).toEqual(lines);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});
