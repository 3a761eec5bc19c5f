// Owns: the one heap: the least of its items, by key, then by tie. An item knows where it stands, so any can be moved or
// taken out.
// H1. An item stands in one heap at most, and `heapAt` is its place there, or -1.

export interface Heaped {
  heapAt: number;
  key: number;
  tie: number;
}

/** Children of a node: four make it half as deep as two. */
const WIDTH = 4;

const isLess = (a: Heaped, b: Heaped): boolean => (a.key === b.key ? a.tie < b.tie : a.key < b.key);

export class Heap<T extends Heaped> {
  private readonly items: T[] = [];

  get size(): number {
    return this.items.length;
  }

  get first(): T | undefined {
    return this.items[0];
  }

  /** The first one, and of the others those that stand nearest to it: about the least. */
  top(count: number): readonly T[] {
    return this.items.slice(0, count);
  }

  [Symbol.iterator](): Iterator<T> {
    return this.items[Symbol.iterator]();
  }

  add(item: T): void {
    this.items.push(item);
    this.rise(item, this.items.length - 1);
  }

  remove(item: T): void {
    const at = item.heapAt;
    const last = this.items.pop();
    item.heapAt = -1;
    if (last === undefined || last === item) return;
    this.sink(last, at);
    if (last.heapAt === at) this.rise(last, at);
  }

  /** Gives it other keys, and the place that they mean. */
  move(item: T, key: number, tie: number): void {
    if (item.key === key && item.tie === tie) return;
    item.key = key;
    item.tie = tie;
    const at = item.heapAt;
    this.sink(item, at);
    if (item.heapAt === at) this.rise(item, at);
  }

  private rise(item: T, from: number): void {
    let at = from;
    while (at > 0) {
      const above = Math.floor((at - 1) / WIDTH);
      const parent = this.items[above];
      if (parent === undefined || !isLess(item, parent)) break;
      this.items[at] = parent;
      parent.heapAt = at;
      at = above;
    }
    this.items[at] = item;
    item.heapAt = at;
  }

  private sink(item: T, from: number): void {
    let at = from;
    for (;;) {
      const first = at * WIDTH + 1;
      const end = Math.min(first + WIDTH, this.items.length);
      let least = item;
      let leastAt = at;
      for (let i = first; i < end; i++) {
        const child = this.items[i];
        if (child !== undefined && isLess(child, least)) {
          least = child;
          leastAt = i;
        }
      }
      if (leastAt === at) break;
      this.items[at] = least;
      least.heapAt = at;
      at = leastAt;
    }
    this.items[at] = item;
    item.heapAt = at;
  }
}
