// Owns: the keys of objects, written once a message and known again across messages, on both sides.
// S1. The keys of a shape are few (`SHAPE_KEYS`), and the shapes that are remembered too: a stream of ever new keys makes
//     the memory start anew.

import { allocate, isLatin1, readLatin1, readUtf16, writeLatin1, writeUtf16 } from "./native.js";
import { malformed } from "./value-errors.js";

/** A fuller memory is emptied. */
const REMEMBERED = 2_000;
/** Shapes whose keys take more bytes are forgotten at once. */
const BLOCK_BYTES = 4_096;

/** What the encoder knows of objects with the same keys in the same order. */
export type WrittenShape = {
  readonly keys: readonly string[];
  /** Encoded: for each key varint characters * 2 + 1 if two bytes each, then the characters. */
  readonly block: Uint8Array;
  /** Of the message that last used it, and its number there. */
  message: number;
  id: number;
};

export class WrittenShapes {
  private readonly byFirstKey = new Map<string, WrittenShape[]>();
  private readonly empty: WrittenShape = { keys: [], block: new Uint8Array(0), message: -1, id: 0 };
  private last: WrittenShape = this.empty;
  private size = 0;

  of(keys: readonly string[]): WrittenShape {
    if (isSame(this.last.keys, keys)) return this.last;
    const first = keys[0];
    if (first === undefined) return this.empty;
    let near = this.byFirstKey.get(first);
    if (near === undefined) {
      near = [];
      this.byFirstKey.set(first, near);
    }
    const found = near.find((shape) => isSame(shape.keys, keys)) ?? this.add(near, keys);
    this.last = found;
    return found;
  }

  private add(near: WrittenShape[], keys: readonly string[]): WrittenShape {
    const shape = { keys, block: blockOf(keys), message: -1, id: 0 };
    if (shape.block.length > BLOCK_BYTES) return shape;
    if (this.size >= REMEMBERED || near.length >= 32) {
      this.size = 0;
      this.byFirstKey.clear();
    } else near.push(shape);
    this.size++;
    return shape;
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function blockOf(keys: readonly string[]): Uint8Array {
  const room = keys.reduce((bytes, key) => bytes + 5 + key.length * 2, 0);
  const block = allocate(room);
  let at = 0;
  for (const key of keys) {
    const isNarrow = isLatin1(key);
    let head = key.length * 2 + (isNarrow ? 0 : 1);
    for (; head >= 0x80; head >>>= 7) block[at++] = (head & 0x7f) | 0x80;
    block[at++] = head;
    at += isNarrow ? writeLatin1(block, key, at) : writeUtf16(block, key, at);
  }
  return block.slice(0, at);
}

/** What the decoder knows of a shape. */
export type ReadShape = {
  readonly keys: readonly string[];
  /** A key is also one of a prototype's, like `__proto__`: it must be defined, not assigned. */
  readonly isOdd: boolean;
};

type Remembered = { readonly block: Uint8Array; readonly count: number; readonly shape: ReadShape };

export class ReadShapes {
  private readonly byHash = new Map<number, Remembered>();

  /** The shape whose keys are the bytes from `from` to `to`. Throws `VALUE_MALFORMED`. */
  of(bytes: Uint8Array, from: number, to: number, count: number): ReadShape {
    let hash = count;
    for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    const known = this.byHash.get(hash);
    if (known !== undefined && known.count === count && isEqual(known.block, bytes, from, to)) return known.shape;
    const shape = shapeOf(bytes, from, to, count);
    if (to - from > BLOCK_BYTES) return shape;
    if (this.byHash.size >= REMEMBERED) this.byHash.clear();
    this.byHash.set(hash, { block: bytes.slice(from, to), count, shape });
    return shape;
  }
}

function isEqual(block: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (block.length !== to - from) return false;
  for (let at = 0; at < block.length; at++) if (block[at] !== bytes[from + at]) return false;
  return true;
}

function shapeOf(bytes: Uint8Array, from: number, to: number, count: number): ReadShape {
  const keys: string[] = [];
  let at = from;
  while (at < to) {
    let head = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      head |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
      if (at >= to || shift > 21) throw malformed("a key has no end");
    }
    const end = at + (head >>> 1) * ((head & 1) + 1);
    if (end > to) throw malformed("a key is longer than its block");
    keys.push((head & 1) === 0 ? readLatin1(bytes, at, end) : readUtf16(bytes, at, end));
    at = end;
  }
  if (keys.length !== count || new Set(keys).size !== count)
    throw malformed("the keys of a shape are not what it says");
  return { keys, isOdd: keys.some((key) => key in Object.prototype) };
}
