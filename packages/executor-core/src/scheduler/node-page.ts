// Owns: the scheduler's own columns beside the states: 11 bytes a node, 4 bytes a child.

/** Bits of `flags`. */
export const FLAG = {
  /** The value is falsy; with `meta`, what is known of it stands in a map. */
  falsy: 1,
  meta: 2,
  /** Terminal, and so are all children. */
  complete: 4,
  /** Its inputs are no longer held for it. */
  letGo: 8,
  released: 16,
  /** Stands in the ready queue. */
  queued: 32,
  /** A question about one of its inputs is open. */
  asking: 64,
  /** Somebody holds a handle of it. */
  kept: 128,
  /** It went from the graph (`forgetting`). */
  forgotten: 256,
} as const;

/** An attempt number that does not fit stands in a map. */
export const ATTEMPT_OVERFLOW = 255;

export class NodePage {
  /** Nodes that were forgotten: when all are, the page goes. */
  gone = 0;
  readonly attempt: Uint8Array;
  readonly flags: Uint16Array;
  /** In-edges that are not satisfied. */
  readonly wait: Uint32Array;
  /** See `value-lifetime`. */
  readonly holds: Uint32Array;

  constructor(rows: number) {
    this.attempt = new Uint8Array(rows);
    this.flags = new Uint16Array(rows);
    this.wait = new Uint32Array(rows);
    this.holds = new Uint32Array(rows);
  }

  get rows(): number {
    return this.flags.length;
  }

  /** The same rows and more. */
  grown(rows: number): NodePage {
    const page = new NodePage(rows);
    page.attempt.set(this.attempt);
    page.flags.set(this.flags);
    page.wait.set(this.wait);
    page.holds.set(this.holds);
    page.gone = this.gone;
    return page;
  }
}

export class ChildPage {
  readonly attempt: Uint8Array;
  readonly flags: Uint8Array;
  /** Maps over this one that are through with the child. */
  readonly done: Uint16Array;
  /** Rows that are released, or ended without a value that anyone could want: all of them seal the page. */
  free = 0;

  constructor(rows: number) {
    this.attempt = new Uint8Array(rows);
    this.flags = new Uint8Array(rows);
    this.done = new Uint16Array(rows);
  }
}
