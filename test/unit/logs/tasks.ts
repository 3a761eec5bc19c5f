// Owns: what tasks say in these tests. They stand in a module of their own: a thread loads no test file.
import { context, flow, task } from "@millrace/core";

class Odd {
  readonly self = this;
  toJSON(): object {
    return { odd: true };
  }
}

export const says = task("says", (x: number): number => {
  const { logger } = context();
  logger.debug(`first ${x}`);
  logger.info("second", { x, at: new Date(0), big: 2n, odd: new Odd(), error: new RangeError("inner") });
  logger.warn("third", { list: [1, { deep: new Map([["a", 1]]) }], fn: function named() {}, bytes: new Uint8Array(3) });
  logger.error("fourth");
  return x;
});
/** Prints and logs in turn. */
export const prints = task("prints", async (x: number): Promise<number> => {
  const { logger } = context();
  console.log(`line ${x}`);
  logger.info(`record ${x}`);
  await Promise.resolve();
  process.stdout.write(`half ${x}`);
  process.stderr.write(Buffer.from(`, error ${x}\n`));
  return x;
});
export const progresses = task("progresses", (gate: SharedArrayBuffer): string => {
  context().progress(3, 10);
  context().progress(4, 10);
  Atomics.wait(new Int32Array(gate), 0, 0);
  return "through";
});
export const badProgress = task("bad-progress", (done: number, total: number) => context().progress(done, total));
export const cyclic = task("cyclic", (): string => {
  const cycle: Record<string, unknown> = { name: "cycle" };
  cycle["self"] = cycle;
  Object.defineProperty(cycle, "getter", {
    enumerable: true,
    get: () => {
      throw new Error("do not look");
    },
  });
  const { logger } = context();
  logger.info("cyclic", cycle);
  logger.info("x".repeat(100_000), Array.from({ length: 1000 }, (_, i) => i) as never);
  Reflect.apply(logger.info, logger, [undefined, "text"]);
  return "fine";
});
/** An error that does not let itself be read. */
function sealedError(): Error {
  const get = (): never => {
    throw error;
  };
  const error = Object.defineProperty(new Error(), "message", { get });
  return error;
}
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
const throwing = (make: () => unknown): object => ({
  get part() {
    throw make();
  },
});
/** Nothing of this can be read as it is: [what is logged, its data]. */
const hostile: readonly (() => readonly unknown[])[] = [
  () => [sealedError()],
  () => [revoked()],
  () => [Symbol("text"), sealedError()],
  () => ["message", revoked()],
  () => ["message", throwing(sealedError)],
  () => ["message", throwing(revoked)],
  () => ["message", throwing(() => Object.assign(new Error(), { message: Symbol("text") }))],
  () => ["message", { toJSON: () => sealedError() }],
  () => ["message", Object.defineProperty(() => 1, "name", { value: Symbol("text") })],
];
export const logsHostile = task("logs-hostile", (): number => {
  const { logger } = context();
  for (const make of hostile) Reflect.apply(logger.warn, logger, make());
  return hostile.length;
});
/** A hundred times the same in a list, and so on: as data it would be a hundred million texts. */
export const logsWide = task("logs-wide", (): string => {
  let list: unknown = "x".repeat(100);
  for (let depth = 0; depth < 4; depth++) list = Array(100).fill(list);
  const keys = Object.fromEntries(Array.from({ length: 150 }, (_, i) => ["k".repeat(300) + (i % 100), i]));
  context().logger.info("wide", { list });
  context().logger.info("keys", keys);
  context().logger.info("set", { set: new Set(Array.from({ length: 1000 }, (_, i) => i)) });
  return "through";
});
export const speaksThenDies = task("speaks-then-dies", { deaths: 1 }, (): number => {
  context().logger.info("last words");
  console.log("and these");
  return process.exit(3);
});
export const speaksThenSpins = task("speaks-then-spins", { timeout: 100 }, (): number => {
  context().logger.info("before the loop");
  for (;;);
});
/** `done` is 1 when all is printed. */
export const floods = task("floods", (lines: number, length: number, done: SharedArrayBuffer): number => {
  const line = `${"x".repeat(length - 1)}\n`;
  for (let i = 0; i < lines; i++) process.stdout.write(line);
  Atomics.store(new Int32Array(done), 0, 1);
  Atomics.notify(new Int32Array(done), 0);
  return lines;
});
export const fails = task("fails", { retries: 1 }, (): number => {
  context().logger.warn("trying");
  throw new Error("no");
});
const inner = flow("inner", () => prints(7));
export const runsAFlow = task("runs-a-flow", () => inner.run());
export const silent = task("silent", (x: number) => x);
/** Speaks when its run is over. */
export const speaksLater = task("speaks-later", (gate: SharedArrayBuffer): number => {
  const { logger } = context();
  const look = (): void => {
    if (Atomics.load(new Int32Array(gate), 0) === 0) return void setImmediate(look);
    console.log("printed late");
    logger.info("logged late");
  };
  setImmediate(look);
  return 1;
});
/** A timer of it throws, and it ends well in the same turn. */
export const failsMeanwhile = task("fails-meanwhile", async (): Promise<number> => {
  await new Promise<void>((resolve) => {
    setTimeout(() => {
      setImmediate(resolve);
      throw new RangeError("in a timer");
    }, 1);
  });
  return 1;
});
