// Owns: what warms up both sides of the timers: a repeat is a thousand tasks, and after three of them neither side's code
// is compiled, so that the figure would be the compiler's.

/** Short timers, as many as it takes. */
export const warmUpTimers: readonly number[] = Array.from({ length: 20_000 }, () => 1);
