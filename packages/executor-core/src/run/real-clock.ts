// Owns: the real time: the only file that reads it and sets timers.

import type { Clock } from "./clock.js";

/** Longer waits are made of several: setTimeout counts in 31 bits. */
const LONGEST_MS = 2 ** 31 - 1;

export const realClock: Clock = {
  // One clock for states and durations; its fractions come from the monotonic one.
  now: () => performance.timeOrigin + performance.now(),

  wakeAt(atMs, wake) {
    const waitMs = atMs - (performance.timeOrigin + performance.now());
    if (waitMs <= 0) {
      const soon = setImmediate(wake);
      return () => clearImmediate(soon);
    }
    let timer = setTimeout(onTime, Math.min(waitMs, LONGEST_MS));
    function onTime(): void {
      const leftMs = atMs - (performance.timeOrigin + performance.now());
      // A timer may fire up to a millisecond early.
      if (leftMs > 0) timer = setTimeout(onTime, Math.min(Math.ceil(leftMs), LONGEST_MS));
      else wake();
    }
    return () => clearTimeout(timer);
  },
};
