// Owns: the tasks of the load: tiny, long, failing, ending their thread, out of memory, deaf.
import { context, task } from "@millrace/core";

export const tiny = task("tiny", (x: number) => x + 1);
export const long = task("long", (ms: number) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
  return ms;
});
export const failing = task("failing", { retries: 1 }, (x: number): number => {
  throw new RangeError(`no ${x} at try ${context().runCount}`);
});
export const ending = task("ending", { deaths: 2 }, (code: number): void => process.exit(code));
export const greedy = task("greedy", { deaths: 1 }, (_x: number) => {
  const held: number[][] = [];
  for (;;) held.push(Array.from({ length: 10_000 }, () => 0.5));
});
export const deaf = task("deaf", { timeout: 100 }, (_x: number): void => {
  for (;;);
});
export const spinning = task("spinning", (_x: number): void => {
  for (;;);
});
