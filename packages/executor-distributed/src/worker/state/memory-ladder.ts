// Owns: what a worker does at which share of its memory (DIST-10), as data.
// M1. It leaves a step, and those below that, only when it is a tenth below it: at the edge it does not flap.

export type MemoryLevel = "free" | "spilling" | "paused";

/** Shares of the limit. */
export const SPILL_AT = 0.6;
export const SPILL_HARD_AT = 0.7;
export const PAUSE_AT = 0.8;
const HYSTERESIS = 0.1;

/** `maxBytes` 0: no limit. */
export function levelAt(bytes: number, maxBytes: number, before: MemoryLevel): MemoryLevel {
  if (maxBytes === 0) return "free";
  const share = bytes / maxBytes;
  const bar = (at: number, wasThere: boolean): number => (wasThere ? at - HYSTERESIS : at);
  if (share >= bar(PAUSE_AT, before === "paused")) return "paused";
  return share >= bar(SPILL_AT, before !== "free") ? "spilling" : "free";
}

/** How much is to go to disk: down to the lower step. */
export function spillBytes(bytes: number, maxBytes: number): number {
  if (maxBytes === 0 || bytes < SPILL_HARD_AT * maxBytes) return 0;
  return Math.ceil(bytes - SPILL_AT * maxBytes);
}
