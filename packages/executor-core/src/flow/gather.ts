// Owns: waiting for all futures in a value of any shape, and giving the same shape with their values (EXEC-2).
// G1. It counts down by itself: no promise is made for each future.
// G2. Arrays and plain objects are copied, each once, so that shared and cyclic ones stay so; nothing else is entered.

import type { ValueReader } from "../run/executor.js";
import { FutureHandle } from "./future.js";
import { isPlainObject, PLACES_MAX } from "./literal.js";

/** `T` is the shape of `value` with every future replaced. */
export function gather<T>(value: unknown): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    new Gathering({ resolve, reject }).start(value);
  });
}

/** Where a value belongs. One small object for each future: closures would cost as much as the promises that are saved. */
class Place implements ValueReader {
  private readonly gathering: Gathering;
  private readonly copy: unknown[] | object;
  private readonly key: number | string;

  constructor(gathering: Gathering, copy: unknown[] | object, key: number | string) {
    this.gathering = gathering;
    this.copy = copy;
    this.key = key;
  }

  resolve(value: unknown): void {
    put(this.copy, this.key, value);
    this.gathering.countDown();
  }

  reject(error: unknown): void {
    this.gathering.reader.reject(error);
  }
}

function put(copy: unknown[] | object, key: number | string, value: unknown): void {
  if (Array.isArray(copy) && typeof key === "number") copy[key] = value;
  else Object.defineProperty(copy, key, { value, writable: true, enumerable: true, configurable: true });
}

class Gathering {
  readonly reader: ValueReader;
  private readonly copies = new Map<object, object>();
  /** Copies whose originals are still to be entered. */
  private readonly open: (readonly [from: object, to: object])[] = [];
  /** The one place of the whole. */
  private readonly root: unknown[] = [];
  /** One for the walk itself. */
  private left = 1;

  constructor(reader: ValueReader) {
    this.reader = reader;
  }

  start(value: unknown): void {
    this.take(this.root, 0, value);
    for (let next = this.open.pop(); next !== undefined; next = this.open.pop()) {
      const [from, to] = next;
      if (Array.isArray(from) && Array.isArray(to)) {
        to.length = from.length;
        if (from.length > PLACES_MAX)
          for (const [key, inner] of Object.entries(from)) this.take(to, Number(key), inner);
        else for (let i = 0; i < from.length; i++) this.take(to, i, from[i]);
      } else for (const [key, inner] of Object.entries(from)) this.take(to, key, inner);
    }
    this.countDown();
  }

  countDown(): void {
    if (--this.left === 0) this.reader.resolve(this.root[0]);
  }

  private take(copy: unknown[] | object, key: number | string, value: unknown): void {
    if (value instanceof FutureHandle) {
      this.left++;
      value.wait(new Place(this, copy, key));
    } else if (typeof value === "object" && value !== null && (Array.isArray(value) || isPlainObject(value)))
      put(copy, key, this.copyOf(value));
    else put(copy, key, value);
  }

  private copyOf(value: object): object {
    let copy = this.copies.get(value);
    if (copy === undefined) {
      const made: object = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
      copy = made;
      this.copies.set(value, copy);
      this.open.push([value, copy]);
    }
    return copy;
  }
}
