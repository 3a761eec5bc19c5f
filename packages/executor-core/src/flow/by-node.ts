// Owns: a table by node for what comes and goes: pages, since nodes are dense and come to their end about in order.

import type { NodeId } from "../work/ids.js";

const BITS = 10;
const ROWS = 1 << BITS;

type Page<T> = { readonly items: (T | undefined)[]; count: number };

export class ByNode<T> {
  private readonly pages: (Page<T> | undefined)[] = [];
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Of a node that has none. */
  set(node: NodeId, item: T): void {
    const number = node >>> BITS;
    while (this.pages.length <= number) this.pages.push(undefined);
    let page = this.pages[number];
    if (page === undefined) {
      page = { items: Array.from({ length: ROWS }), count: 0 };
      this.pages[number] = page;
    }
    page.items[node & (ROWS - 1)] = item;
    page.count++;
    this.count++;
  }

  take(node: NodeId): T | undefined {
    const page = this.pages[node >>> BITS];
    const item = page?.items[node & (ROWS - 1)];
    if (page === undefined || item === undefined) return undefined;
    page.items[node & (ROWS - 1)] = undefined;
    this.count--;
    if (--page.count === 0) this.pages[node >>> BITS] = undefined;
    return item;
  }

  takeAll(): readonly T[] {
    const all = this.pages.flatMap((page) => page?.items ?? []).filter((item) => item !== undefined);
    this.pages.length = 0;
    this.count = 0;
    return all;
  }
}
