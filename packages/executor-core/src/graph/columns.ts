// Owns: growing columns of numbers. C1. A write past the end of a typed array is silent: only `push` grows, and only
// `push` may write at `length`.

/** A column of unsigned 32-bit numbers. Growth by half: 100,000 rows waste little. */
export class U32Column {
  length = 0;
  private data = new Uint32Array(16);

  push(value: number): void {
    if (this.length === this.data.length) {
      const grown = new Uint32Array(this.data.length + (this.data.length >> 1) + 16);
      grown.set(this.data);
      this.data = grown;
    }
    this.data[this.length++] = value;
  }

  at(row: number): number {
    return this.data[row] ?? 0;
  }

  set(row: number, value: number): void {
    this.data[row] = value;
  }
}
