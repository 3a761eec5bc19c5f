// Owns: the last transitions of a run, in a ring of numbers, so that an illegal one can tell what came before.

import { stateName } from "../work/kinds.js";

const ENTRIES = 512;

export class Story {
  private readonly ring = new Int32Array(ENTRIES * 3);
  private next = 0;
  private count = 0;

  note(row: number, from: number, to: number): void {
    const at = this.next;
    this.ring[at] = row;
    this.ring[at + 1] = from;
    this.ring[at + 2] = to;
    this.next = at + 3 === this.ring.length ? 0 : at + 3;
    this.count++;
  }

  /** Oldest first. */
  of(row: number): readonly string[] {
    const found: string[] = [];
    for (let back = Math.min(this.count, ENTRIES); back > 0; back--) {
      const at = (this.next - back * 3 + this.ring.length) % this.ring.length;
      if (this.ring[at] !== row) continue;
      found.push(`${stateName(this.ring[at + 1] ?? 0)} -> ${stateName(this.ring[at + 2] ?? 0)}`);
    }
    return found;
  }
}
