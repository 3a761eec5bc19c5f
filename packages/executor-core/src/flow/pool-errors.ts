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
