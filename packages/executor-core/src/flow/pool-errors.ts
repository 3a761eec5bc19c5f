// Owns: the errors of pools and futures.

import { MillraceError } from "../work/millrace-error.js";

/** What a cancelled future rejects with. */
export class FutureCancelled extends MillraceError {
  readonly slug: string;

  constructor(slug: string, reason: string) {
    super("CANCELLED", `"${slug}" was cancelled: ${reason}`);
    this.slug = slug;
  }
}

export class PoolClosed extends MillraceError {
  constructor(why: string, cause?: unknown) {
    super("POOL_CLOSED", `${why} and takes nothing more: open another with openPool()`, { cause });
  }
}

/** A call that cannot be meant so: the message says what to do instead. */
export class PoolError extends MillraceError {}

/** A task waits for what cannot end before the task does. */
export function waitsForItself(slug: string, awaited: string): PoolError {
  const what = slug === awaited ? "its own future" : `the future of "${awaited}", which needs its result`;
  return new PoolError(
    "WAITS_FOR_ITSELF",
    `"${slug}" waits for ${what}, and neither would ever end: return first, and wait where the pool was opened`,
  );
}
