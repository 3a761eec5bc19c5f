// Owns: the tasks of both suites. They stand in a module of their own, which threads and other processes can load.

import { context, skip, task } from "@millrace/core";
import { begins } from "./began.js";

export const add = task("add", (a: number, b: number) => a + b);
export const double = task("double", (x: number) => 2 * x);
export const sum = task("sum", (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0));
export const echo = task("echo", (value: unknown) => value);
export const later = task("later", async (x: number) => {
  await new Promise((resolve) => setImmediate(resolve));
  return x;
});
/** Tells one call from another. */
export const token = task("token", (_key: string) => `${performance.timeOrigin}/${Math.random()}`);
export const total = task("total", (order: { readonly name: string; readonly prices: readonly number[] }) => ({
  name: order.name,
  total: order.prices.reduce((a, b) => a + b, 0),
}));

export class Refused extends Error {
  readonly code = "REFUSED";
  override readonly name = "Refused";
}
export const fails = task("fails", (what: string): number => {
  throw new Refused(what);
});
export const skips = task("skips", (): number => skip("nothing to do"));
export const oddFails = task("odd-fails", (x: number): number => {
  if (x % 2 === 1) throw new Refused(`${x} is odd`);
  return x;
});
export const flaky = task("flaky", { retries: 2 }, (): number => {
  const { runCount } = context();
  if (runCount < 3) throw new Refused(`try ${runCount}`);
  return runCount;
});
export const always = task("always", { trigger: "allFinished" }, () => "always");
export const whoAmI = task("who-am-i", (_x: number) => {
  const { taskName, mapIndex, flowName, runCount } = context();
  return { taskName, mapIndex, flowName, runCount };
});

/** Ends when it is asked to stop, with a value that nobody may see. */
export const untilAsked = task("until-asked", async (began: string): Promise<string> => {
  const { signal } = context();
  begins(began);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  return "it was asked";
});
/** Never ends by itself. */
export const endless = task("endless", async (began: string): Promise<never> => {
  begins(began);
  return new Promise<never>(() => undefined);
});
