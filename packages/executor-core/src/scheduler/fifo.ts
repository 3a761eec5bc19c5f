// Owns: the one queue: a ring that grows by doubling; neither end ever moves the rest.

export class Fifo<T> {
  private ring: (T | undefined)[] = Array.from({ length: 16 });
  private head = 0;
  private count = 0;

  get length(): number {
    return this.count;
  }

  get empty(): boolean {
    return this.count === 0;
  }

  push(item: T): void {
    if (this.count === this.ring.length) this.grow();
    this.ring[(this.head + this.count) & (this.ring.length - 1)] = item;
    this.count++;
  }

  first(): T | undefined {
    return this.count === 0 ? undefined : this.ring[this.head];
  }

  shift(): T | undefined {
    if (this.count === 0) return undefined;
    const item = this.ring[this.head];
    this.ring[this.head] = undefined;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.count--;
    return item;
  }

  clear(): void {
    while (this.count > 0) this.shift();
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let i = 0; i < this.count; i++) {
      const item = this.ring[(this.head + i) & (this.ring.length - 1)];
      if (item !== undefined) yield item;
    }
  }

  private grow(): void {
    const ring: (T | undefined)[] = [];
    for (let i = 0; i < this.count; i++) ring.push(this.ring[(this.head + i) & (this.ring.length - 1)]);
    ring.length = this.ring.length * 2;
    this.ring = ring;
    this.head = 0;
  }
}
