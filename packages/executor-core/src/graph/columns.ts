// Owns: growing columns of numbers, in pages that can be let go one by one.
// C1. A write past the end of a typed array is silent: only `push` grows, and only `push` may write at `length`.
// C2. A page that was let go reads as zeros; what would be written there is nobody's any more.

import { PAGE_BITS, PAGE_MASK, PAGE_ROWS } from "../work/ids.js";

/** A column of unsigned 32-bit numbers. The last page grows by doubling: a small column is small. */
export class U32Column {
  length = 0;
  private readonly pages: (Uint32Array | undefined)[] = [];

  push(value: number): void {
    const row = this.length++;
    const at = row & PAGE_MASK;
    let page = this.pages[row >>> PAGE_BITS];
    if (page === undefined || at === page.length) {
      const grown = new Uint32Array(at === 0 ? 16 : Math.min(PAGE_ROWS, at * 2));
      if (page !== undefined) grown.set(page);
      page = grown;
      this.pages[row >>> PAGE_BITS] = page;
    }
    page[at] = value;
  }

  at(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.[row & PAGE_MASK] ?? 0;
  }

  set(row: number, value: number): void {
    const page = this.pages[row >>> PAGE_BITS];
    if (page !== undefined) page[row & PAGE_MASK] = value;
  }

  /** C2. Of a page that is full. */
  drop(page: number): void {
    this.pages[page] = undefined;
  }
}
