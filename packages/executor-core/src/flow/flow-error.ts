// Owns: the error for a mistake in building a flow: a wrong option, an argument that cannot be one, a call out of place.
// Does not own: errors with data of their own; each stands beside the code that throws it.

import { MillraceError } from "../work/millrace-error.js";

/** `code` says which mistake; the message names the place and ends with what to do. */
export class FlowError extends MillraceError {}
