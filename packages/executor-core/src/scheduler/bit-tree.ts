// Owns: a set of small integers that finds its least member in a few steps: a 32-ary tree of bits.
// B1. A bit of an upper level is set if and only if the word below it is not 0.

export class BitTree {
  /** Level 0 holds the members. */
  private readonly levels: Uint32Array[] = [];
  private count = 0;

  constructor(size: number) {
    let words = size;
    do {
      words = Math.max(1, Math.ceil(words / 32));
      this.levels.push(new Uint32Array(words));
    } while (words > 1);
  }

  get size(): number {
    return this.count;
  }

  has(member: number): boolean {
    return (((this.levels[0]?.[member >>> 5] ?? 0) >>> (member & 31)) & 1) === 1;
  }

  add(member: number): void {
    if (this.has(member)) return;
    this.count++;
    let at = member;
    for (const level of this.levels) {
      const word = at >>> 5;
      const before = level[word] ?? 0;
      level[word] = before | (1 << (at & 31));
      if (before !== 0) return;
      at = word;
    }
  }

  delete(member: number): void {
    if (!this.has(member)) return;
    this.count--;
    let at = member;
    for (const level of this.levels) {
      const word = at >>> 5;
      const after = (level[word] ?? 0) & ~(1 << (at & 31));
      level[word] = after;
      if (after !== 0) return;
      at = word;
    }
  }

  /** The least member, or -1. */
  least(): number {
    if (this.count === 0) return -1;
    let at = 0;
    for (let i = this.levels.length - 1; i >= 0; i--) {
      const word = this.levels[i]?.[at] ?? 0;
      at = (at << 5) | (31 - Math.clz32(word & -word));
    }
    return at;
  }
}
