import { InvalidParams, describeFlow, flow, param, task } from "@millrace/core";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { blueprintOf, buildError, errorOf, linesOf } from "./built.js";

const take = task("take", (x: unknown) => x);
const list = (...values: unknown[]) => values;

function issuesOf(fn: () => unknown): string[] {
  try {
    fn();
  } catch (error) {
    if (error instanceof InvalidParams) {
      return error.issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`);
    }
    throw error;
  }
  return [];
}

describe("a record of parameters", () => {
  const record = flow("record", { params: { a: param<number>(), b: param(3), c: z.string().default("c") } }, (p) =>
    take([p.c, p.a]),
  );

  test("makes a node for each, in order, also for one that nobody reads [PARAM-1]", () => {
    expect(linesOf(record)).toEqual([
      "a()",
      "b()",
      "c()",
      "~list-1([c], [a]) <- c data, a data",
      "take-1([~list-1]) <- ~list-1 data",
    ]);
    expect(blueprintOf(record).parameters.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });

  test("gives defaults, and what a schema makes of a value [PARAM-1]", async () => {
    const trims = flow("trims", { params: { n: param(3), s: z.string().transform((s) => s.trim()) } }, (p) => {
      take(1);
      return [p.n, p.s];
    });
    expect(await trims.run({ s: " x " })).toEqual([3, "x"]);
    expect(await trims.run({ s: "x", n: 4 })).toEqual([4, "x"]);
    expect(await trims.run({ s: "x", n: undefined } as never)).toEqual([3, "x"]);
  });

  test("lists what is missing, unknown and wrong, all of it [PARAM-1]", () => {
    expect(issuesOf(() => record.parse({ c: 1, d: 2 }))).toEqual([
      "d: there is no such parameter; there are a, b, c",
      "a: it is required and missing",
      expect.stringMatching(/^c: .*string/),
    ]);
    expect(errorOf(() => record.parse({}))).toBe(
      'INVALID_PARAMS: the flow "record" cannot start with these parameters:\n- a: it is required and missing',
    );
  });

  test.each([[null], [[1]], ["text"], [3]])("refuses %j for the whole", (input) => {
    expect(issuesOf(() => record.parse(input))).toEqual([
      expect.stringMatching(/^: they are .* instead of an object$/),
    ]);
  });

  test("of none refuses any [PARAM-1]", () => {
    const none = flow("none", () => take(1));
    expect(none.parse(undefined)).toEqual({});
    expect(issuesOf(() => none.parse({ x: 1 }))).toEqual(["x: there is no such parameter; this flow takes none"]);
  });

  test("is described with defaults and JSON schemas", () => {
    expect(describeFlow(record).parameters).toEqual([
      { name: "a", required: true, defaultValue: undefined, schema: undefined },
      { name: "b", required: false, defaultValue: 3, schema: undefined },
      { name: "c", required: false, defaultValue: "c", schema: expect.objectContaining({ type: "string" }) },
    ]);
  });

  test("refuses a field that is neither", () => {
    expect(errorOf(() => flow("x", { params: { n: 3 as never } }, () => take(1)))).toMatch(
      /^INVALID_OPTION: the parameter "n" of the flow "x" is the number 3/,
    );
  });

  test("takes a parameter of undefined where one is given as undefined", async () => {
    const maybe = flow("maybe", { params: { x: param<number | undefined>() } }, (p) => take(p.x));
    expect(await maybe.run({ x: undefined })).toBe(undefined);
    expect(issuesOf(() => maybe.parse({}))).toHaveLength(1);
  });
});

describe("one schema for all parameters", () => {
  const schemas = [
    ["zod", z.object({ a: z.number(), b: z.string().default("b") })],
    ["valibot", v.object({ a: v.number(), b: v.optional(v.string(), "b") })],
    ["arktype", type({ a: "number", b: "string = 'b'" })],
  ] as const;

  test.each(schemas)("of %s makes a node for what is read, once", (_library, schema) => {
    const whole = flow("whole", { params: schema as z.ZodType<{ a: number; b: string }> }, (p) => {
      take(p.b);
      take([p.a, p.b]);
    });
    expect(linesOf(whole).filter((line) => /^[ab]\(/.test(line))).toEqual(["b()", "a()"]);
  });

  test.each(schemas)("of %s gives its output to tasks", async (_library, schema) => {
    const whole = flow("whole", { params: schema as z.ZodType<{ a: number; b: string }> }, (p) => take([p.a, p.b]));
    expect(await whole.run({ a: 1 })).toEqual([1, "b"]);
  });

  test.each(schemas)("of %s names the wrong ones", (_library, schema) => {
    const whole = flow("whole", { params: schema as z.ZodType<{ a: number; b: string }> }, (p) => take(p.a));
    expect(issuesOf(() => whole.parse({ a: "x" }))).toEqual([expect.stringMatching(/^a: ./)]);
  });

  test("gives parse its input back", () => {
    const dates = flow("dates", { params: z.object({ t: z.string().transform(Number) }) }, (p) => take(p.t));
    const input = { t: "3" };
    expect(dates.parse(input)).toBe(input);
  });

  test("refuses a key that its JSON schema does not have", () => {
    const whole = flow("whole", { params: z.object({ a: z.number() }) }, (p) => take((p as { m?: unknown }).m));
    expect(buildError(whole)).toMatch(/^UNKNOWN_PARAM: .*no parameter "m": its schema has a/);
  });

  test("lets any key be read where the schema lets any through, or does not tell", () => {
    const loose = flow("loose", { params: z.looseObject({ a: z.number() }) }, (p) => take((p as { m?: unknown }).m));
    const silent = flow("silent", { params: v.object({ a: v.number() }) }, (p) => take((p as { m?: unknown }).m));
    expect(linesOf(loose)[0]).toBe("m()");
    expect(linesOf(silent)[0]).toBe("m()");
  });

  test("is an argument as a whole: a record of all known keys", async () => {
    const whole = flow("whole", { params: z.object({ a: z.number(), b: z.number() }) }, (p) => take({ p }));
    expect(linesOf(whole)).toEqual([
      "a()",
      "b()",
      "~record-1([a], [b]) <- a data, b data",
      "~record-2([~record-1]) <- ~record-1 data",
      "take-1([~record-2]) <- ~record-2 data",
    ]);
    expect(await whole.run({ a: 1, b: 2 })).toEqual({ p: { a: 1, b: 2 } });
  });

  test("is no argument as a whole where the keys are not known", () => {
    const whole = flow("whole", { params: v.object({ a: v.number() }) }, (p) => take(p));
    expect(buildError(whole)).toMatch(/^UNKNOWN_KEYS: .*as in \{ a: p\.a \}/);
  });

  test("may be returned as a whole", async () => {
    // A key that every promise is asked for.
    // oxlint-disable-next-line unicorn/no-thenable
    const whole = flow("whole", { params: z.object({ a: z.number(), then: z.number().default(1) }) }, (p) => {
      take(1);
      return p;
    });
    expect(await whole.run({ a: 1 }).then((value: unknown) => JSON.stringify(value))).toBe('{"a":1,"then":1}');
  });

  test("is described by its JSON schema, else by what was read", () => {
    const [zod, valibot] = [
      flow("z", { params: z.object({ a: z.number(), b: z.string().default("b") }) }, (p) => take(p.a)),
      flow("v", { params: v.object({ a: v.number(), b: v.string() }) }, (p) => take(p.a)),
    ];
    expect(describeFlow(zod).parameters).toEqual([
      { name: "a", required: true, defaultValue: undefined, schema: { type: "number" } },
      { name: "b", required: false, defaultValue: "b", schema: { type: "string", default: "b" } },
    ]);
    expect(describeFlow(valibot).parameters.map(({ name }) => name)).toEqual(["a"]);
  });
});

test("an async schema is refused, and nothing runs", async () => {
  let runs = 0;
  const count = task("count", () => runs++);
  const late = z.string().refine(async () => Promise.resolve(true));
  const standard = { "~standard": { ...late["~standard"], validate: () => Promise.resolve({ value: "x" }) } };
  const whole = flow("late", { params: { s: standard as never } }, () => count());
  await expect(whole.run({ s: "x" } as never)).rejects.toMatchObject({ code: "ASYNC_SCHEMA" });
  expect(runs).toBe(0);
});

test("a schema that gives no object, or no result, is refused", () => {
  const text = flow("text", { params: z.string() as never }, () => take(1));
  expect(errorOf(() => text.parse("x"))).toMatch(/^INVALID_SCHEMA: the schema of the flow "text" gives the string "x"/);
  const silent = { "~standard": { version: 1, vendor: "none", validate: () => undefined } };
  expect(errorOf(() => flow("silent", { params: silent as never }, () => take(1)).parse({}))).toMatch(
    /^INVALID_SCHEMA/,
  );
});

test("run rejects and start throws for wrong parameters, before anything runs [PARAM-1]", async () => {
  let runs = 0;
  const count = task("count", (x: unknown) => list(x, runs++));
  const strict = flow("strict", { params: { n: z.number() } }, (p) => count(p.n));
  await expect(strict.run({ n: "x" as never })).rejects.toThrow(InvalidParams);
  expect(() => strict.start({ n: "x" as never })).toThrow(InvalidParams);
  expect(runs).toBe(0);
});

test("a task's slug must not be a parameter's name [PARAM-1]", () => {
  const clash = flow("clash", { params: { n: param(1) } }, (p) => take.with({ slug: "n" })(p.n));
  expect(buildError(clash)).toMatch(/^DUPLICATE_SLUG: .*"n"/);
});
