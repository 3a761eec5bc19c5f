// Owns: the real time: the only file that reads it and sets timers.

import type { Clock } from "./clock.js";

/** Longer waits are made of several: setTimeout counts in 31 bits. */
const LONGEST_MS = 2 ** 31 - 1;

/** One clock for states and durations: the wall's origin, the monotonic one's fractions. */
const originMs = performance.timeOrigin;
const nowMs = (): number => originMs + performance.now();

export const realClock: Clock = {
  now: nowMs,

  wakeAt(atMs, wake, idle = false) {
    const waitMs = atMs - nowMs();
    if (waitMs <= 0) {
      const soon = setImmediate(wake);
      return () => clearImmediate(soon);
    }
    let timer = waitFor(waitMs);
    function waitFor(leftMs: number): NodeJS.Timeout {
      const made = setTimeout(onTime, Math.min(leftMs, LONGEST_MS));
      return idle ? made.unref() : made;
    }
    function onTime(): void {
      const leftMs = atMs - nowMs();
      // A timer may fire up to a millisecond early.
      if (leftMs > 0) timer = waitFor(Math.ceil(leftMs));
      else wake();
    }
    return () => clearTimeout(timer);
  },
};
