import { type AnyFlow, flow, param, task } from "@millrace/core";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkedParams, knownParams } from "../../../packages/millrace/src/cli/flow-params.js";
import { readGiven } from "../../../packages/millrace/src/cli/given-params.js";
import { asOption, parameterLines } from "../../../packages/millrace/src/cli/param-help.js";

const use = task("use", (value: unknown) => value);

const paramsOf = (flow: AnyFlow, ...pairs: string[]): unknown => checkedParams(flow, readGiven(pairs));

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("nothing was thrown");
}

const plain = flow(
  "plain",
  { params: { any: param<unknown>(), n: param(3), text: param("a"), list: param(["a"]) } },
  (p) => use([p.any, p.n, p.text, p.list]),
);
const zod = flow(
  "zod",
  { params: { urls: z.array(z.url()), limit: z.int().optional(), mode: z.enum(["fast", "slow"]).default("fast") } },
  (p) => use([p.urls, p.limit, p.mode]),
);

describe("--param name=value", () => {
  it("is text for each parameter that takes no JSON, though its schema is asked only when others are right", () => {
    const made = flow("made", { params: { id: z.string(), d: param("abc") } }, (p) => use([p.id, p.d]));
    expect(paramsOf(made, "id=5", "d=7")).toEqual({ id: "5", d: "7" });
    expect(() => paramsOf(made, "id=5", "d=7", "e=1")).toThrow();
  });

  it("is JSON where it can be read so, else text", () => {
    const read = (text: string): unknown => paramsOf(plain, `any=${text}`);
    expect(read("3")).toEqual({ any: 3 });
    expect(read("[1, 2]")).toEqual({ any: [1, 2] });
    expect(read('{"a": null}')).toEqual({ any: { a: null } });
    expect(read("some text")).toEqual({ any: "some text" });
    expect(read('"3"')).toEqual({ any: "3" });
    expect(read("a=b=c")).toEqual({ any: "a=b=c" });
    expect(read("")).toEqual({ any: "" });
  });

  it("stays text where the default is text", () => {
    expect(paramsOf(plain, "any=1", "text=1.10")).toEqual({ any: 1, text: "1.10" });
    expect(paramsOf(plain, "any=1", 'text="1.10"')).toEqual({ any: 1, text: "1.10" });
  });

  it.each([
    ["zod", flow("f", { params: { version: z.string() } }, (p) => use(p.version))],
    ["valibot", flow("f", { params: { version: v.string() } }, (p) => use(p.version))],
    ["arktype", flow("f", { params: { version: type("string") } }, (p) => use(p.version))],
    ["one schema", flow("f", { params: z.object({ version: z.string() }) }, (p) => use(p.version))],
  ])("is taken as text where the flow takes no number there (%s)", (_name, flow) => {
    expect(paramsOf(flow, "version=1.10")).toEqual({ version: "1.10" });
  });

  it("gives the schema's input: it is the run that applies defaults", () => {
    expect(paramsOf(zod, 'urls=["https://a.b"]')).toEqual({ urls: ["https://a.b"] });
  });

  it.each([
    ["n", "--param n is no name=value: write it as in --param n=value"],
    ["=3", "--param =3 is no name=value: write it as in --param name=value"],
  ])("%s is refused", (pair, message) => {
    expect(messageOf(() => readGiven([pair]))).toBe(message);
  });

  it("is given once", () => {
    expect(messageOf(() => readGiven(["urls=a", "n=1", "urls=b"]))).toBe(
      `--param urls is given twice: write a list as JSON, as in --param 'urls=["a", "b"]'`,
    );
  });
});

describe("parameters that a flow does not take", () => {
  it("a text where a list belongs", () => {
    expect(messageOf(() => paramsOf(zod, "urls=https://a.b"))).toBe(
      [
        'the flow "zod" cannot start with these parameters:',
        "- urls: Invalid input: expected array, received string",
        "  given was --param urls=https://a.b, read as text",
        `  write it as in --param 'urls=["https://a.b"]'`,
      ].join("\n"),
    );
  });

  it("a missing one", () => {
    expect(messageOf(() => paramsOf(zod)).split("\n")[2]).toBe(`  give it with --param 'urls=["a", "b"]'`);
    expect(
      messageOf(() => paramsOf(plain))
        .split("\n")
        .slice(1),
    ).toEqual(["- any: it is required and missing", "  give it with --param any=VALUE"]);
  });

  it("one of a wrong form, and what an item of it may not be", () => {
    const lines = messageOf(() => paramsOf(zod, 'urls=["x"]', "limit=1.5", "mode=warp")).split("\n");
    expect(lines.slice(1)).toEqual([
      "- urls.0: Invalid URL",
      `  given was --param 'urls=["x"]', read as a list`,
      `  write it as in --param 'urls=["a", "b"]'`,
      "- limit: Invalid input: expected int, received number",
      "  given was --param limit=1.5, read as a number",
      "  write it as in --param limit=1",
      expect.stringMatching(/^- mode: /),
      "  given was --param mode=warp, read as text",
      "  write it as in --param mode=fast",
    ]);
  });

  it("one that there is not", () => {
    expect(
      messageOf(() => paramsOf(plain, "any=1", "m=3"))
        .split("\n")
        .slice(1),
    ).toEqual(["- m: there is no such parameter; there are any, n, text, list"]);
  });

  it("one whose default shows another type", () => {
    expect(
      messageOf(() => paramsOf(plain, "any=1", "n=many", "list=a"))
        .split("\n")
        .slice(1),
    ).toEqual([
      "- n: its default 3 is a number, this is text",
      "  given was --param n=many, read as text",
      "  write it as in --param n=1",
      '- list: its default ["a"] is a list, this is text',
      "  given was --param list=a, read as text",
      `  write it as in --param 'list=["a"]'`,
    ]);
  });
});

describe("the example of a list", () => {
  const urls = z.array(z.object({ url: z.string(), depth: z.int(), note: z.string().optional() }));
  const lastOf = (flow: AnyFlow, ...pairs: string[]): string | undefined =>
    messageOf(() => paramsOf(flow, ...pairs))
      .split("\n")
      .at(-1);

  it("of objects has objects in it", () => {
    const objects = flow("f", { params: { u: urls } }, (p) => use(p.u));
    const example = `--param 'u=[{"url": "a", "depth": 1}]'`;
    expect(lastOf(objects)).toBe(`  give it with ${example}`);
    expect(lastOf(objects, "u=[1]")).toBe(`  write it as in ${example}`);
    expect(lastOf(objects, "u=x")).toBe(`  write it as in ${example}`);
    expect(lastOf(objects, 'u={"url":"x","depth":2}')).toBe(`  write it as in --param 'u=[{"url":"x","depth":2}]'`);
  });

  it("of what is not known is left open", () => {
    const lists = flow("f", { params: { u: z.array(z.array(z.string())) } }, (p) => use(p.u));
    expect(lastOf(lists)).toBe("  give it with --param 'u=[...]'");
    const empty = flow("f", { params: { u: param<object[]>([]) } }, (p) => use(p.u));
    expect(lastOf(empty, "u=3")).toBe("  write it as in --param 'u=[...]'");
    const defaults = flow("f", { params: { u: param([{ a: 1 }]) } }, (p) => use(p.u));
    expect(lastOf(defaults, "u=3")).toBe("  write it as in --param 'u=[...]'");
  });
});

describe("a parameter with an empty name", () => {
  it("is shown in quotes, and no way to give it is told", () => {
    const nameless = flow("f", { params: { "": z.number() } }, (p) => use(p[""]));
    expect(parameterLines(knownParams(nameless))).toEqual(["Parameters:", '  ""  number  required']);
    expect(
      messageOf(() => paramsOf(nameless))
        .split("\n")
        .slice(1),
    ).toEqual([expect.stringMatching(/^- "": /)]);
  });
});

describe("help", () => {
  it("shows defaults that JSON cannot say", () => {
    const big = flow("f", { params: { n: param(3n) } }, (p) => use(p.n));
    expect(parameterLines(knownParams(big))[1]).toBe("  n  bigint  default 3n");
  });

  it("lists what is known of each parameter", () => {
    const described = flow("f", { params: { n: z.number().describe("how many"), m: z.string().optional() } }, (p) =>
      use([p.n, p.m]),
    );
    expect(parameterLines(knownParams(described))).toEqual([
      "Parameters:",
      "  n  number  required  how many",
      "  m  string  optional",
    ]);
    expect(parameterLines(knownParams(plain))).toEqual([
      "Parameters:",
      "  any   JSON       required",
      "  n     number     default 3",
      '  text  string     default "a"',
      '  list  unknown[]  default ["a"]',
    ]);
    expect(parameterLines([])).toEqual(["This flow has no parameters."]);
  });

  it("quotes for a shell what needs it", () => {
    expect(asOption("n", "3")).toBe("--param n=3");
    expect(asOption("n", "a b")).toBe("--param 'n=a b'");
    expect(asOption("n", "it's")).toBe(`--param 'n=it'\\''s'`);
  });
});
