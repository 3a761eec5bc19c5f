// Owns: the base class of every error that Millrace makes.
// Does not own: the errors themselves; each stands beside the code that throws it.

/** An error with a stable `code`. Its message ends with what to do next. */
export class MillraceError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** A broken invariant: a bug in Millrace, never the user's. */
export class InternalError extends MillraceError {
  constructor(message: string) {
    super("INTERNAL", `${message} (this is a bug in Millrace: please report it with the flow that led here)`);
  }
}
