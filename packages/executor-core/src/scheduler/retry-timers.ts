// Owns: when the next retry is due: a heap of times. Retries wait here and hold no slot (RETRY-7).
// H1. An entry counts only while its row still waits for exactly that time: nothing is ever taken out of the middle.

export type RetryEntry = { readonly dueMs: number; readonly row: number };

export class RetryTimers {
  private readonly heap: RetryEntry[] = [];

  get size(): number {
    return this.heap.length;
  }

  /** The earliest time, or infinity. */
  get nextMs(): number {
    return this.heap[0]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  first(): RetryEntry | undefined {
    return this.heap[0];
  }

  add(dueMs: number, row: number): void {
    const heap = this.heap;
    const entry: RetryEntry = { dueMs, row };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.dueMs <= dueMs) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Nothing is tried again. */
  clear(): void {
    this.heap.length = 0;
  }

  /** Takes the earliest entry if it is due. */
  takeDue(nowMs: number): RetryEntry | undefined {
    const first = this.heap[0];
    if (first === undefined || first.dueMs > nowMs) return undefined;
    const last = this.heap.pop();
    if (last !== undefined && this.heap.length > 0) this.sink(last);
    return first;
  }

  private sink(entry: RetryEntry): void {
    const heap = this.heap;
    const end = heap.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= end) break;
      const right = heap[child + 1];
      if (right !== undefined && right.dueMs < (heap[child]?.dueMs ?? 0)) child++;
      const below = heap[child];
      if (below === undefined || below.dueMs >= entry.dueMs) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = entry;
  }
}
