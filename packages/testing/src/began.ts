// Owns: knowing that a task has begun, in whatever thread it runs: by memory that both share.

import { turns } from "./suite-case.js";

export const notBegun = (): SharedArrayBuffer => new SharedArrayBuffer(4);

export async function begun(...flags: readonly SharedArrayBuffer[]): Promise<void> {
  while (flags.some((flag) => Atomics.load(new Int32Array(flag), 0) === 0)) await turns();
}
