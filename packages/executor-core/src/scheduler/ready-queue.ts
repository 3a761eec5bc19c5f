// Owns: the nodes that have something to dispatch: highest priority first, then deepest, FIFO among equals (MAP-7, DIST-7, D9).
// Q1. A node stands in the queue at most once (the caller's flag); a map stands there for all its ready children.
// Q2. A map that is served goes behind its equals: a wide one does not hold up its neighbours.

import { Fifo } from "./fifo.js";

/** Nodes of one rank, as ranges: a hundred thousand roots in the order of their ids are one. */
class Bucket {
  length = 0;
  private readonly ranges = new Fifo<number>();
  private headFrom = 0;
  private headEnd = 0;
  private tailFrom = 0;
  private tailEnd = 0;

  push(node: number): void {
    this.length++;
    if (node === this.tailEnd && this.tailFrom < this.tailEnd) {
      this.tailEnd++;
      return;
    }
    if (this.tailFrom < this.tailEnd) {
      this.ranges.push(this.tailFrom);
      this.ranges.push(this.tailEnd);
    }
    this.tailFrom = node;
    this.tailEnd = node + 1;
  }

  /** -1 if there is none. */
  first(): number {
    if (this.length === 0) return -1;
    if (this.headFrom === this.headEnd) this.nextRange();
    return this.headFrom;
  }

  shift(): number {
    const node = this.first();
    if (node < 0) return node;
    this.length--;
    this.headFrom++;
    return node;
  }

  private nextRange(): void {
    if (this.ranges.empty) {
      this.headFrom = this.tailFrom;
      this.headEnd = this.tailEnd;
      this.tailFrom = this.tailEnd;
      return;
    }
    this.headFrom = this.ranges.shift() ?? 0;
    this.headEnd = this.ranges.shift() ?? 0;
  }
}

/** Above every depth: a million priorities either way stay exact. */
const DEPTHS = 2 ** 31;

/** What a node is pushed with: its depth, under the user's priority. */
export const rankOf = (depth: number, priority: number | undefined): number =>
  priority === undefined ? depth : priority * DEPTHS + depth;

export class ReadyQueue {
  private readonly buckets = new Map<number, Bucket>();
  /** Ranks that have a bucket, as a heap, highest on top. */
  private readonly heap: number[] = [];
  private top: Bucket | undefined;
  private spare: Bucket | undefined;

  get empty(): boolean {
    return this.top === undefined;
  }

  push(node: number, rank: number): void {
    let bucket = this.buckets.get(rank);
    if (bucket === undefined) {
      bucket = this.spare ?? new Bucket();
      this.spare = undefined;
      this.buckets.set(rank, bucket);
      this.raise(rank);
    }
    bucket.push(node);
  }

  /** The best node, which stays where it is; -1 if there is none. */
  peek(): number {
    return this.top?.first() ?? -1;
  }

  /** Nothing else is as good as what `peek` gave. */
  get isAlone(): boolean {
    return this.top?.length === 1;
  }

  /** Takes away what `peek` gave. */
  drop(): void {
    const bucket = this.top;
    if (bucket === undefined) return;
    bucket.shift();
    if (bucket.length === 0) this.lower(bucket);
  }

  /** Puts what `peek` gave behind its equals (Q2). */
  rotate(): void {
    const bucket = this.top;
    if (bucket === undefined || bucket.length === 1) return;
    bucket.push(bucket.shift());
  }

  private raise(rank: number): void {
    const heap = this.heap;
    let at = heap.length;
    heap.push(rank);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] ?? 0;
      if (above >= rank) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = rank;
    this.top = this.buckets.get(heap[0] ?? 0);
  }

  private lower(bucket: Bucket): void {
    const heap = this.heap;
    this.buckets.delete(heap[0] ?? 0);
    this.spare = bucket;
    const last = heap.pop() ?? 0;
    const end = heap.length;
    if (end > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= end) break;
        if (child + 1 < end && (heap[child + 1] ?? 0) > (heap[child] ?? 0)) child++;
        if ((heap[child] ?? 0) <= last) break;
        heap[at] = heap[child] ?? 0;
        at = child;
      }
      heap[at] = last;
    }
    this.top = end > 0 ? this.buckets.get(heap[0] ?? 0) : undefined;
  }
}
