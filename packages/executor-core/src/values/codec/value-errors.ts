// Owns: the errors of the codec. Does not own: when they are thrown (`encoder`, `decoder`).

import { MillraceError } from "../../work/millrace-error.js";

/** A value that cannot travel: thrown before anything is sent. */
export class NotSerialisable extends MillraceError {
  /** Where it stands, as in `result.users[3].avatar`. */
  readonly path: string;
  /** What was found there, as in `a function`. */
  readonly kind: string;

  constructor(path: string, kind: string, advice: string) {
    super("NOT_SERIALISABLE", `${path} is ${kind}, which cannot leave the process: ${advice}`);
    this.path = path;
    this.kind = kind;
  }
}

/** A value over one of the caps: `maxBytes`, `maxNodes` or `maxDepth`. */
export class ValueTooLarge extends MillraceError {
  constructor(cap: string, limit: number, found: string) {
    super(
      "VALUE_TOO_LARGE",
      `${found} is over the limit of ${limit} (${cap}): pass a reference to the data (a path, a URL), or split it into a list and map over it`,
    );
  }
}

export type BadValueCode = "VALUE_MALFORMED" | "VALUE_OTHER_VERSION" | "UNKNOWN_TYPE" | "TYPE_DECODE_FAILED";

/** Bytes that cannot be made a value of. */
export class BadValue extends MillraceError {
  declare readonly code: BadValueCode;

  constructor(code: BadValueCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

export const malformed = (what: string): BadValue =>
  new BadValue(
    "VALUE_MALFORMED",
    `an encoded value is malformed: ${what}. Its bytes were cut short or changed on the way: send it again`,
  );
