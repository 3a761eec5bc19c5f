// Owns: what tasks in threads do in these tests. They stand in a module of their own: a thread loads no test file.
import { threadId } from "node:worker_threads";
import { AsyncExecutor, context, flow, loop, registerType, type Settled, skip, task, transfer } from "@millrace/core";

export const echo = task("echo", (value: unknown) => value);
export const nothing = task("nothing", (): { part: number } => JSON.parse("null"));
export const double = task("double", (x: number) => 2 * x);
export const sum = task("sum", (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0));
export const whichThread = task("which-thread", (_key: unknown) => threadId);
export const pause = task("pause", async (ms: number) => {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return ms;
});
export const block = task("block", (ms: number) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
  return ms;
});

/** What anybody may throw. */
const throwables: Readonly<Record<string, () => unknown>> = {
  text: () => "a text",
  number: () => 7,
  null: () => null,
  undefined: () => undefined,
  frozen: () => Object.freeze(new Error("frozen")),
  proxy: () =>
    new Proxy(new Error("behind"), {
      get: () => {
        throw new Error("no");
      },
    }),
  getter: () =>
    Object.defineProperty(new Error("x"), "message", {
      get: () => {
        throw new Error("no message");
      },
    }),
  huge: () => new Error("x".repeat(5_000_000)),
  plain: () => new RangeError("out of it"),
};
export const throwing = task("throwing", (what: string): number => {
  throw throwables[what]?.();
});

export const returns = task("returns", (what: string): unknown => {
  switch (what) {
    case "function":
      return () => 1;
    case "symbol":
      return { deep: [Symbol("s")] };
    case "weak-map":
      return new Map([["a", new WeakMap()]]);
    case "class":
      return { list: [new (class Point {})()] };
    case "getter":
      return {
        get x() {
          throw new Error("getter");
        },
      };
    case "promises":
      return Promise.resolve(Promise.resolve({ a: 1 }));
    case "deep": {
      let deep: unknown = "bottom";
      for (let i = 0; i < 100_000; i++) deep = [deep];
      return deep;
    }
    case "circular": {
      const circle: { self?: unknown; n: number } = { n: 1 };
      circle.self = circle;
      return circle;
    }
    default:
      return undefined;
  }
});

export const settlesNever = task("settles-never", { timeout: 150 }, () => new Promise(() => undefined));
export const loops = task("loops", { timeout: 150 }, () => {
  for (;;);
});
export const expression = task("expression", { timeout: 150 }, () => /^(a+)+$/.test(`${"a".repeat(60)}b`));
export const waits = task("waits", { timeout: 150 }, () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
export const stopsWhenAsked = task("stops-when-asked", { timeout: 150 }, () => {
  while (!context().cancelled);
  return "stopped";
});
/** Ends when the other one has begun too. */
export const meets = task("meets", (mine: SharedArrayBuffer, other: SharedArrayBuffer) => {
  Atomics.store(new Int32Array(mine), 0, 1);
  Atomics.notify(new Int32Array(mine), 0);
  return Atomics.wait(new Int32Array(other), 0, 0);
});
/** Stops when it is asked, but for the one that does not. */
export const mayStop = task("may-stop", { timeout: 60 }, (how: "at once" | "when asked" | "never") => {
  if (how === "at once") return how;
  while (how === "never" || !context().cancelled);
  return how;
});
export const slowAtFirst = task("slow-at-first", { timeout: 150, retries: 1 }, () => {
  if (context().runCount > 1) return "in time";
  for (;;);
});
/** Says that it has begun by the shared memory. */
export const spin = task("spin", (begun: SharedArrayBuffer): void => {
  Atomics.store(new Int32Array(begun), 0, 1);
  for (;;);
});
export const spinUntilAsked = task("spin-until-asked", (begun: SharedArrayBuffer) => {
  Atomics.store(new Int32Array(begun), 0, 1);
  while (!context().cancelled);
  return "asked";
});

export const exits = task("exits", (code: number): void => process.exit(code));
export const exitsOnce = task("exits-once", { rerun: "never" }, (): void => process.exit(4));
export const exitsTwice = task("exits-twice", { deaths: 2 }, (): void => process.exit(5));
export const kills = task("kills", (): void => void process.kill(process.pid, "SIGKILL"));
export const outOfMemory = task("out-of-memory", { deaths: 1 }, () => {
  const held: number[][] = [];
  for (;;) held.push(Array.from({ length: 10_000 }, () => 0.5));
});
export const exitsLater = task("exits-later", (ms: number) => {
  setTimeout(() => process.exit(6), ms);
  return "left an exit behind";
});
export const throwsLater = task("throws-later", (ms: number) => {
  setTimeout(() => {
    throw new Error("late");
  }, ms);
  return "left an error behind";
});
export const rejectsMeanwhile = task("rejects-meanwhile", async () => {
  void Promise.reject(new Error("nobody listens"));
  await new Promise((resolve) => setTimeout(resolve, 10_000));
});
export const swallows = task("swallows", () => {
  process.on("uncaughtException", () => undefined);
  setTimeout(() => process.exit(7), 0);
  return new Promise(() => undefined);
});

export const mutate = task("mutate", (list: number[], shared: { n: number }) => {
  list.push(99);
  shared.n++;
  Object.defineProperty(Object.prototype, "polluted", { value: true, configurable: true });
  process.env["MILLRACE_TEST_POLLUTED"] = "yes";
  return [list.length, shared.n];
});
export const look = task("look", (list: readonly number[], shared: { n: number }) => [list.length, shared.n]);
export const changesFolder = task("changes-folder", () => process.chdir("/"));
export const readEnv = task("read-env", (name: string) => process.env[name] ?? null);

export const sometimes = task("sometimes", { retries: 2 }, (x: number) => {
  if (context().runCount <= x % 3) throw new RangeError(`try ${context().runCount}`);
  return [x, context().runCount];
});
export const countsDown = task("counts-down", (from: number): number => {
  const left = context().loopValue(from);
  return left > 0 ? loop(left - 1) : context().loopCount;
});
export const evenOnly = task("even-only", (x: number) => (x % 2 === 0 ? x : skip("odd")));
export const seesContext = task("sees-context", { tags: ["t"] }, (_x: unknown) => {
  const { flowName, taskName, taskSlug, tags, mapIndex, runCount, parameters } = context();
  return { flowName, taskName, taskSlug, tags, mapIndex, runCount, n: parameters["n"] };
});

const inner = flow("inner", { executor: new AsyncExecutor() }, () => sum(double.map([1, 2, 3])));
export const runsAFlow = task("runs-a-flow", (_x: unknown) => inner.run());

export const fill = task("fill", (bytes: number) => new Uint8Array(bytes).fill(7));
export const gives = task("gives", (bytes: number) => transfer(new Uint8Array(bytes).fill(3)));
export const measures = task("measures", (bytes: Uint8Array) => [bytes.length, bytes[0], bytes.at(-1)]);
export const addTo = task("add-to", (shared: SharedArrayBuffer, n: number) =>
  Atomics.add(new Int32Array(shared), 0, n),
);

/** Of many small ones: what can become of any. */
export const variousEnds = task("various-ends", { deaths: 2 }, async (x: number): Promise<number> => {
  if (x % 1000 === 17) throw new RangeError(`not ${x}`);
  if (x % 1000 === 18) return skip("eighteen");
  if (x % 1000 === 19 && context().loopCount === 1) return loop(x);
  if (x === 2500) return process.exit(7);
  return 2 * x;
});
export const statesOf = task("states-of", (ends: readonly Settled<number>[]) =>
  ends.map((end) => (end.status === "success" ? end.value : end.state)),
);

export const takes = task("takes", (bytes: Uint8Array, _key: unknown) => [bytes.length, bytes[0], bytes.at(-1)]);
export const takesOrExits = task("takes-or-exits", { deaths: 2 }, (bytes: Uint8Array, exits: boolean) =>
  exits ? process.exit(6) : bytes.length,
);
export const takesAgain = task("takes-again", { retries: 1 }, (bytes: Uint8Array) => {
  if (context().runCount === 1) throw new Error("once more");
  return bytes.length;
});
export const takesInLoop = task("takes-in-loop", (bytes: Uint8Array): number =>
  context().loopCount === 1 ? loop(1) : bytes.length,
);

/** Counts how often one is encoded and decoded in this process. */
export class Coin {
  static encoded = 0;
  static decoded = 0;
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
}
registerType(Coin, {
  encode: ({ cents }) => {
    Coin.encoded++;
    return cents;
  },
  decode: (cents) => {
    Coin.decoded++;
    return new Coin(Number(cents));
  },
});
export const centsOf = task("cents-of", (coin: Coin) => coin.cents);

export const speaksInTime = task("speaks-in-time", { timeout: "1m", tags: ["t"] }, async (x: number) => {
  await Promise.resolve();
  const { logger, taskName, tags, mapIndex } = context();
  logger.info("inside");
  if (x === 1) return skip("one");
  return context().loopCount === 1 ? loop(x) : [taskName, tags, mapIndex];
});
export const mint = task("mint", (cents: number) => new Coin(cents));
