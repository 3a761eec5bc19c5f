// `checkValues`: what could not leave the process fails its task in the user's process too.
import { AsyncExecutor, type Executor, SequentialExecutor } from "@millrace/core";
import {
  FlowFailed,
  MillraceTaskError,
  flow,
  isFailed,
  loop,
  context,
  registerType,
  type Settled,
  settled,
  task,
} from "millrace";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const executors: readonly [string, () => Executor][] = [
  ["sequential", () => new SequentialExecutor()],
  ["async", () => new AsyncExecutor()],
];

class Money {
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
}
class Price {
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
}
registerType(Price, { name: "check-values-price", encode: ({ cents }) => cents, decode: (cents) => new Price(cents) });

async function failureOf(run: Promise<unknown>): Promise<unknown> {
  const error: unknown = await run.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof FlowFailed)) throw error;
  const [cause] = error.causes;
  return cause;
}

describe.each(executors)("on %s", (_, make) => {
  const checked = (): { readonly executor: Executor; readonly checkValues: true } => ({
    executor: make(),
    checkValues: true,
  });

  test("a result that cannot travel fails its task, with the path and without a retry [U6]", async () => {
    let tries = 0;
    const make = task("make", { retries: 3 }, () => {
      tries++;
      return { users: [{ avatar: 1 }, { avatar: () => 1 }] };
    });
    const failure = await failureOf(flow("f", () => make()).run({}, checked()));
    expect(failure).toMatchObject({ code: "NOT_SERIALISABLE", path: "result.users[1].avatar", kind: "a function" });
    expect(tries).toBe(1);
  });

  test("an argument that cannot travel fails the task that would get it, before its function runs", async () => {
    let runs = 0;
    const take = task("take", (_n: number, _options: object) => {
      runs++;
      return 1;
    });
    const failure = await failureOf(flow("f", () => take(1, { price: new Money(3) })).run({}, checked()));
    expect(failure).toMatchObject({ code: "NOT_SERIALISABLE", path: "args[1].price", kind: "an instance of Money" });
    expect(runs).toBe(0);
  });

  test("a result of no bytes, and one of more than a value may have [U8]", async () => {
    const buffer = task("buffer", (bytes: number) => new Uint8Array(bytes));
    const build = (bytes: number) => flow("f", () => buffer(bytes)).run({}, checked());
    expect(await build(0)).toEqual(new Uint8Array());
    expect(await failureOf(build(2 ** 31 + 1))).toMatchObject({ code: "VALUE_TOO_LARGE" });
  });

  test("a loop value that cannot travel fails its task", async () => {
    const again = task("again", (): number => (context().loopCount > 1 ? 1 : loop(() => 1)));
    const failure = await failureOf(flow("f", () => again()).run({}, checked()));
    expect(failure).toMatchObject({ code: "NOT_SERIALISABLE", path: "loop value", kind: "a function" });
  });

  test("tasks share no objects: what one does to its input no other one sees [U9]", async () => {
    const make = task("make", () => ({ list: [1] }));
    const spoil = task("spoil", (x: { list: number[] }) => x.list.push(2));
    const read = task("read", (x: { list: number[] }) => x.list.length);
    const build = flow("f", () => {
      const x = make();
      const spoilt = spoil(x);
      return [read.with({ upstream: [spoilt] })(x), x] as const;
    });
    expect(await build.run({}, checked())).toEqual([1, { list: [1] }]);
  });

  test("registered classes arrive as instances, in maps too [U7]", async () => {
    const make = task("make", (cents: number) => new Price(cents));
    const read = task("read", (price: Price) => [price instanceof Price, price.cents] as const);
    const build = flow("f", () => read.map(make.map([1, 2])));
    expect(await build.run({}, checked())).toEqual([
      [true, 1],
      [true, 2],
    ]);
  });

  test("a failure as a value is the error that another process would get", async () => {
    const bad = task("bad", (): number => {
      throw Object.assign(new RangeError("no"), { limit: 3 });
    });
    const read = task("read", (x: Settled<number>) => {
      if (x.status !== "failed") return [];
      const error = Object(x.error);
      return [error instanceof MillraceTaskError, Reflect.get(error, "name"), Reflect.get(error, "limit")];
    });
    const build = flow("f", () => {
      const x = settled(bad());
      return [read(x), isFailed(x)] as const;
    });
    const run = await build.start({}, checked()).done;
    expect(await run.resultOf("read-1")).toEqual([true, "RangeError", 3]);
  });

  test("without it references are passed", async () => {
    const giveFunction = task("give-function", () => () => 7);
    const call = task("call", (f: () => number) => f());
    expect(await flow("f", () => call(giveFunction())).run({}, { executor: make(), checkValues: false })).toBe(7);
  });
});

describe("MILLRACE_CHECK_VALUES", () => {
  const before = process.env["MILLRACE_CHECK_VALUES"];
  beforeEach(() => {
    process.env["MILLRACE_CHECK_VALUES"] = "1";
  });
  afterEach(() => {
    if (before === undefined) delete process.env["MILLRACE_CHECK_VALUES"];
    else process.env["MILLRACE_CHECK_VALUES"] = before;
  });

  test("set to 1 it checks every run that does not say otherwise", async () => {
    const make = task("make", () => Symbol("s"));
    const build = flow("f", () => make());
    expect(await failureOf(build.run())).toMatchObject({ code: "NOT_SERIALISABLE", path: "result", kind: "a symbol" });
    expect(typeof (await build.run({}, { checkValues: false }))).toBe("symbol");
  });
});

test("an option that is no truth value is refused", () => {
  const build = flow("f", () => task("one", () => 1)());
  const wrong: object = { checkValues: "yes" };
  expect(() => build.start({}, wrong)).toThrow('the option checkValues is the string "yes": write true or false');
});
