// Owns: the real time: the only file that reads it and sets timers.

import type { Clock } from "./clock.js";

/** Longer waits are made of several: setTimeout counts in 31 bits. */
const LONGEST_MS = 2 ** 31 - 1;

/** One clock for states and durations: the wall's origin, the monotonic one's fractions. */
const originMs = performance.timeOrigin;
const nowMs = (): number => originMs + performance.now();

export const realClock: Clock = {
  now: nowMs,

  wakeAt(atMs, wake) {
    const waitMs = atMs - nowMs();
    if (waitMs <= 0) {
      const soon = setImmediate(wake);
      return () => clearImmediate(soon);
    }
    let timer = setTimeout(onTime, Math.min(waitMs, LONGEST_MS));
    function onTime(): void {
      const leftMs = atMs - nowMs();
      // A timer may fire up to a millisecond early.
      if (leftMs > 0) timer = setTimeout(onTime, Math.min(Math.ceil(leftMs), LONGEST_MS));
      else wake();
    }
    return () => clearTimeout(timer);
  },
};
