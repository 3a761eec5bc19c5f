// Owns: which objects of a value were met before, and their numbers.
// O1. The first few are compared one by one: a set would cost more than a small value does. Until one is met again a set is
//     enough, which has the numbers in its order: one look-up each instead of two.

const FEW = 8;

export class SeenObjects {
  private readonly few: object[] = [];
  private many = new Set<object>();
  /** Numbers of all in `many`, once one of them was met again. */
  private numbers: Map<object, number> | undefined;
  size = 0;

  /** Its number if it was met before; else -1, and it has the next one. */
  meet(object: object): number {
    const { few } = this;
    for (let i = 0; i < few.length; i++) if (few[i] === object) return i;
    if (few.length < FEW) few.push(object);
    else if (this.numbers !== undefined) {
      const known = this.numbers.get(object);
      if (known !== undefined) return known;
      this.numbers.set(object, this.size);
    } else {
      this.many.add(object);
      if (FEW + this.many.size === this.size) return this.numbered().get(object) ?? -1;
    }
    this.size++;
    return -1;
  }

  clear(): void {
    this.few.length = 0;
    if (this.size > FEW) this.many = new Set();
    this.numbers = undefined;
    this.size = 0;
  }

  private numbered(): ReadonlyMap<object, number> {
    let number = FEW;
    this.numbers = new Map();
    for (const object of this.many) this.numbers.set(object, number++);
    return this.numbers;
  }
}
