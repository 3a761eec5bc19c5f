// Owns: timeouts in the user's process, where a task can be asked to stop and no more (TIMEOUT-2, TIMEOUT-4).
// S1. A task that awaits is asked when its time is over; one that does not stop then is left behind, and goes on unseen.
// S2. One that blocks the thread cannot even be asked: it has timed out when it ends.

import type { AttemptContext } from "../attempt/context.js";
import type { OutcomeEnd } from "../work/outcome.js";

export interface SoftClock {
  now(): number;
  wakeAt(atMs: number, wake: () => void): () => void;
}

/** What a task that was asked to stop has for it. */
const GRACE_MS = 1_000;
const LEFT_BEHIND = Symbol("left behind");

/** What it gives, or throws; throws a mark of ours where it is left behind. */
export function inTime(
  context: AttemptContext,
  returned: PromiseLike<unknown>,
  clock: SoftClock,
): PromiseLike<unknown> {
  const { timeoutMs } = context.template;
  return timeoutMs === undefined ? returned : limited(context, returned, clock, timeoutMs);
}

async function limited(
  context: AttemptContext,
  returned: PromiseLike<unknown>,
  clock: SoftClock,
  timeoutMs: number,
): Promise<unknown> {
  let unwake = (): void => undefined;
  const left = new Promise<never>((_resolve, reject) => {
    unwake = clock.wakeAt(clock.now() + timeoutMs, () => {
      context.outOfTime = true;
      context.cancel(`its timeout of ${timeoutMs} ms is over`);
      unwake = clock.wakeAt(clock.now() + GRACE_MS, () => reject(LEFT_BEHIND));
    });
  });
  try {
    return await Promise.race([returned, left]);
  } finally {
    unwake();
  }
}

/** Undefined: it ended in time, or has no timeout. */
export function endedLate(
  { template: { timeoutMs }, outOfTime }: AttemptContext,
  clock: SoftClock,
  startedAtMs: number,
  thrown?: unknown,
): OutcomeEnd | undefined {
  if (timeoutMs === undefined) return undefined;
  if (thrown === LEFT_BEHIND) return { end: "timedOut", goesOn: true };
  // A timer may come a little before its time: who was asked to stop is late, whatever the clock says.
  return outOfTime || clock.now() - startedAtMs > timeoutMs ? { end: "timedOut" } : undefined;
}
