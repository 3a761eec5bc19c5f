// Owns: what sessions ask of the process around them: links are its numbers, bytes its own to carry.

/** Why a link is closed, for logs and counters. */
export type CloseReason =
  /** Another link carries the session now, or nothing does any more. */
  | "REPLACED"
  /** What came was no frame, or not one that may come there. */
  | "BAD_FRAME"
  /** Nothing came, or nothing was answered, for too long. */
  | "SILENT"
  | "ENDED";

/** Why a session is over. */
export type LostReason =
  /** It was not resumed in time. */
  | "NOT_RESUMED"
  /** The same one came anew, and knows nothing of it (W11). */
  | "REPLACED"
  /** The other side does not know it any more. */
  | "FORGOTTEN"
  /** The other side took too little for too long. */
  | "OVERFLOW"
  /** Link after link what it says is no frame that may come there. */
  | "BAD_FRAMES"
  /** One side said that it is over. */
  | "ENDED";

type OnLinks =
  | { readonly kind: "send"; readonly link: number; readonly bytes: Uint8Array }
  | { readonly kind: "close"; readonly link: number; readonly reason: CloseReason }
  | { readonly kind: "wakeAt"; readonly atMs: number };

/** Of the side that listens. */
export type ListeningEffect<In> =
  | OnLinks
  /** `isNew`: nothing of an earlier one goes on. */
  | {
      readonly kind: "opened";
      readonly session: string;
      readonly name: string;
      readonly release: string;
      readonly epoch: number;
      readonly isNew: boolean;
    }
  | { readonly kind: "received"; readonly session: string; readonly messages: readonly In[] }
  | { readonly kind: "lost"; readonly session: string; readonly reason: LostReason };

/** Of the side that dials. */
export type DiallingEffect<In> =
  | OnLinks
  /** A link is wanted; whether it comes is told by `linkOpened` or `linkClosed`. */
  | { readonly kind: "dial" }
  /** `isNew`: the other side knows nothing of what was. */
  | { readonly kind: "opened"; readonly isNew: boolean }
  | { readonly kind: "received"; readonly messages: readonly In[] }
  /** The other side keeps up again, after `send` had said that it does not. */
  | { readonly kind: "drained" }
  /** What was said and not heard is gone; unless it has ended, another one is opened. */
  | { readonly kind: "lost"; readonly reason: LostReason }
  /** It is over, and trying again is of no use. */
  | { readonly kind: "refused"; readonly code: string; readonly message: string };
