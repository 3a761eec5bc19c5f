// Owns: waiting for all futures in a value of any shape, and giving the same shape with their values (EXEC-2).
// G1. It counts down by itself: no promise is made for each future.
// G2. Arrays and plain objects are copied, each once, so that shared and cyclic ones stay so; nothing else is entered.

import type { ValueReader } from "../run/executor.js";
import { FutureHandle } from "./future.js";
import { isPlainObject } from "./literal.js";

/** `T` is the shape of `value` with every future replaced. */
export function gather<T>(value: unknown): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    new Gathering({ resolve, reject }).start(value);
  });
}

type Place = (value: unknown) => void;

class Gathering {
  private readonly reader: ValueReader;
  private readonly copies = new Map<object, object>();
  /** Copies whose originals are still to be entered. */
  private readonly open: (readonly [from: object, to: object])[] = [];
  private result: unknown;
  /** One for the walk itself. */
  private left = 1;

  constructor(reader: ValueReader) {
    this.reader = reader;
  }

  start(value: unknown): void {
    this.put(value, (made) => {
      this.result = made;
    });
    for (let next = this.open.pop(); next !== undefined; next = this.open.pop()) {
      const [from, to] = next;
      if (Array.isArray(from) && Array.isArray(to)) this.enterList(from, to);
      else this.enterRecord(from, to);
    }
    this.countDown();
  }

  private enterList(from: readonly unknown[], to: unknown[]): void {
    to.length = from.length;
    for (let i = 0; i < from.length; i++) {
      this.put(from[i], (made) => {
        to[i] = made;
      });
    }
  }

  private enterRecord(from: object, to: object): void {
    for (const [key, inner] of Object.entries(from)) {
      this.put(inner, (value) => {
        Object.defineProperty(to, key, { value, writable: true, enumerable: true, configurable: true });
      });
    }
  }

  private put(value: unknown, place: Place): void {
    if (value instanceof FutureHandle) {
      this.left++;
      value.wait(this.readerFor(place));
    } else if (typeof value === "object" && value !== null && (Array.isArray(value) || isPlainObject(value)))
      place(this.copyOf(value));
    else place(value);
  }

  private readerFor(place: Place): ValueReader {
    return {
      resolve: (value) => {
        place(value);
        this.countDown();
      },
      reject: (error) => this.reader.reject(error),
    };
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

  private countDown(): void {
    if (--this.left === 0) this.reader.resolve(this.result);
  }
}
