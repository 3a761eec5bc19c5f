// Owns: how much memory is held once all that can be collected is.

/** JavaScript objects and the buffers behind typed arrays. */
export function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error("run with --expose-gc");
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
