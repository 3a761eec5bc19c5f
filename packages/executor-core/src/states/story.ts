// Owns: the last transitions of a run, in a ring of numbers, so that an illegal one can tell what came before.

import { stateName } from "../work/kinds.js";

const ENTRIES = 512;

export class Story {
  /** Small runs are many: it grows to its size only where there is something to tell. */
  private ring = new Int32Array(16 * 3);
  private next = 0;
  private count = 0;

  note(row: number, from: number, to: number): void {
    if (this.next === 0 && this.count > 0 && this.ring.length < ENTRIES * 3) this.grow();
    const at = this.next;
    this.ring[at] = row;
    this.ring[at + 1] = from;
    this.ring[at + 2] = to;
    this.next = at + 3 === this.ring.length ? 0 : at + 3;
    this.count++;
  }

  /** Of consecutive rows. */
  noteRange(first: number, count: number, from: number, to: number): void {
    // What would be overwritten at once need not be written.
    for (let row = first + Math.max(0, count - ENTRIES); row < first + count; row++) this.note(row, from, to);
  }

  private grow(): void {
    const ring = new Int32Array(Math.min(this.ring.length * 4, ENTRIES * 3));
    ring.set(this.ring);
    this.next = this.ring.length;
    this.ring = ring;
  }

  /** Oldest first. */
  of(row: number): readonly string[] {
    const found: string[] = [];
    for (let back = Math.min(this.count, this.ring.length / 3); back > 0; back--) {
      const at = (this.next - back * 3 + this.ring.length) % this.ring.length;
      if (this.ring[at] !== row) continue;
      found.push(`${stateName(this.ring[at + 1] ?? 0)} -> ${stateName(this.ring[at + 2] ?? 0)}`);
    }
    return found;
  }
}
