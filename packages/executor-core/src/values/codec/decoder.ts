// Owns: making a value of its bytes again, or refusing them.
// Does not own: errors and leaves (`decode-parts`), buffers (`decode-regions`), texts (`text-reader`).
// D1. No count is believed before the bytes for it are there, and nothing is made beyond the caps.
// D2. Objects are numbered as their encoder met them; what lies deep comes after the rest.
// Casts: what was just made is filled by key.
// D3. A key is never assigned where that could reach a prototype.

import type { Caps } from "./caps.js";
import { fillError, makeError } from "./decode-error.js";
import { readLeaf } from "./decode-leaf.js";
import type { ReadRegion, RegionReader } from "./decode-regions.js";
import { TAG, WHOLE_DEPTH } from "./format.js";
import { readLatin1, readUtf16 } from "./native.js";
import { type PackedTag, readPacked, widthOf } from "./packed.js";
import { type ReadShape, ReadShapes } from "./shapes.js";
import type { TextReader } from "./text-reader.js";
import { ValueTooLarge, malformed } from "./value-errors.js";

const shapes = new ReadShapes();
/** Stands for a leaf that is being read. */
const PENDING = {};
/** A list with more holes than this is made one that needs no memory for them. */
const HOLES_MAX = 1_024;

type Later = { readonly target: object; readonly tag: number; readonly depth: number };

export class Decoder {
  at: number;
  private readonly view: DataView;
  private readonly objects: object[] = [];
  private readonly shapes: ReadShape[] = [];
  private readonly later: Later[] = [];
  private depth = 0;
  private depthAbove = 0;
  private nodes = 0;
  readonly bytes: Uint8Array;
  private readonly end: number;
  private readonly texts: TextReader | undefined;
  private readonly regions: RegionReader | undefined;
  private readonly caps: Caps;

  constructor(
    bytes: Uint8Array,
    from: number,
    end: number,
    texts: TextReader | undefined,
    regions: RegionReader | undefined,
    caps: Caps,
  ) {
    this.bytes = bytes;
    this.end = end;
    this.texts = texts;
    this.regions = regions;
    this.caps = caps;
    this.at = from;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  message(): unknown {
    const value = this.value();
    for (let i = 0; i < this.later.length; i++) this.readLater(this.later[i]);
    if (this.at !== this.end) throw malformed("it goes on behind its end");
    return value;
  }

  value(): unknown {
    const tag = this.bytes[this.at++];
    if (tag === undefined || this.at > this.end) throw malformed("it ends too early");
    if (tag < 0x80) return tag;
    switch (tag) {
      case TAG.undefined:
        return undefined;
      case TAG.null:
        return null;
      case TAG.true:
        return true;
      case TAG.false:
        return false;
      case TAG.u16:
        this.at += 2;
        return this.view.getUint16(this.at - 2, true);
      case TAG.i32:
        this.at += 4;
        return this.view.getInt32(this.at - 4, true);
      case TAG.f64:
        return this.f64();
      case TAG.short:
        return this.short();
      case TAG.ref:
        return this.reference();
      case TAG.latin1:
      case TAG.utf16:
        return this.long(tag);
      case TAG.bigint:
        return this.bigint();
      case TAG.deferred:
        return this.defer();
      case TAG.object:
        return this.keyed(this.enter({}));
      case TAG.list:
        return this.list(this.enter([]));
      default:
        return isContainer(tag) ? this.content(tag, this.enter(this.container(tag))) : this.leaf(tag);
    }
  }

  u8(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw malformed("it ends too early");
    return byte;
  }

  f64(): number {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      if (factor > 2 ** 42) throw malformed("a number is too long");
    }
  }

  /** A count of parts of at least so many bytes each. */
  count(bytesEach: number): number {
    const count = this.varint();
    if (count * bytesEach > this.end - this.at) throw malformed("it has fewer parts than it says");
    this.countNodes(count);
    return count;
  }

  text(): string {
    const value = this.value();
    if (typeof value !== "string") throw malformed("a text is none");
    return value;
  }

  region(): ReadRegion {
    if (this.regions === undefined) throw malformed("it has no buffers");
    return this.regions.read();
  }

  private countNodes(count: number): void {
    this.nodes += count;
    if (this.nodes > this.caps.maxNodes)
      throw new ValueTooLarge("maxNodes", this.caps.maxNodes, "the number of parts of an encoded value");
  }

  private short(): string {
    const length = this.u8();
    if (length === 0) return "";
    if (this.texts === undefined) throw malformed("it has no texts");
    return this.texts.read(length);
  }

  private long(tag: typeof TAG.latin1 | typeof TAG.utf16): string {
    const length = this.varint();
    const from = this.at;
    const to = from + (tag === TAG.latin1 ? length : length * 2);
    if (to > this.end) throw malformed("a text is cut short");
    this.at = to;
    return tag === TAG.latin1 ? readLatin1(this.bytes, from, to) : readUtf16(this.bytes, from, to);
  }

  private bigint(): bigint {
    const digits = this.text();
    if (!/^-?[0-9a-f]+$/.test(digits)) throw malformed("a bigint is none");
    return digits.startsWith("-") ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`);
  }

  private reference(): object {
    const object = this.objects[this.varint()];
    if (object === undefined || object === PENDING) throw malformed("it refers to what is not there");
    return object;
  }

  private leaf(tag: number): object {
    this.countNodes(1);
    const id = this.objects.push(PENDING) - 1;
    if (++this.depth > WHOLE_DEPTH + 1) throw malformed("it is nested too deep");
    const leaf = readLeaf(this, tag);
    this.depth--;
    this.objects[id] = leaf;
    return leaf;
  }

  /** Numbers a container whose content follows. */
  private enter<T extends object>(container: T): T {
    this.countNodes(1);
    this.objects.push(container);
    if (++this.depth > WHOLE_DEPTH + 1) throw malformed("it is nested too deep");
    return container;
  }

  private container(tag: number): object {
    switch (tag) {
      case TAG.object:
      case TAG.record:
        return {};
      case TAG.nullObject:
      case TAG.nullRecord:
        return Object.create(null);
      case TAG.map:
        return new Map();
      case TAG.set:
        return new Set();
      case TAG.error:
        return makeError(this.u8());
      default:
        return [];
    }
  }

  private defer(): object {
    const tag = this.u8();
    if (!isContainer(tag)) throw malformed("what comes later is no container");
    const target = this.container(tag);
    this.countNodes(1);
    this.objects.push(target);
    const depth = this.depthAbove + this.depth;
    if (depth > this.caps.maxDepth)
      throw new ValueTooLarge("maxDepth", this.caps.maxDepth, "the depth of an encoded value");
    this.later.push({ target, tag, depth });
    return target;
  }

  private readLater(later: Later | undefined): void {
    if (later === undefined) return;
    this.depthAbove = later.depth;
    this.depth = 1;
    const tag = this.u8();
    if (!isContainer(tag) || familyOf(tag) !== familyOf(later.tag))
      throw malformed("what comes later is something else");
    // Its kind was read before, when it was made.
    if (tag === TAG.error) this.u8();
    this.content(tag, later.target);
  }

  private content(tag: ContainerTag, target: object): object {
    switch (tag) {
      case TAG.object:
      case TAG.nullObject:
        return this.keyed(target);
      case TAG.record:
      case TAG.nullRecord:
        return this.record(target);
      case TAG.map:
      case TAG.set:
        return this.collection(target);
      case TAG.error:
        return this.leave(fillError(this, target));
      case TAG.list:
      case TAG.sparse:
      case TAG.packedU8:
      case TAG.packedI32:
      case TAG.packedF64:
        return this.array(tag, target);
      default:
        return tag satisfies never;
    }
  }

  private leave<T>(object: T): T {
    this.depth--;
    return object;
  }

  private keyed(target: object): object {
    const id = this.varint();
    const shape = id === this.shapes.length ? this.newShape() : this.shapes[id];
    if (shape === undefined) throw malformed("it has no such shape");
    const { keys } = shape;
    const object: Record<string, unknown> = target as never;
    if (shape.isOdd) for (const key of keys) define(object, key, this.value());
    else for (let i = 0; i < keys.length; i++) object[keys[i] as string] = this.value();
    this.depth--;
    return target;
  }

  private newShape(): ReadShape {
    const bytes = this.varint();
    const count = this.u8();
    const to = this.at + bytes;
    if (to > this.end) throw malformed("a shape is cut short");
    const shape = shapes.of(this.bytes, this.at, to, count);
    this.at = to;
    this.shapes.push(shape);
    return shape;
  }

  private record(target: object): object {
    const count = this.count(2);
    for (let i = 0; i < count; i++) define(target, this.text(), this.value());
    return this.leave(target);
  }

  private collection(target: object): object {
    if (target instanceof Map) for (let i = this.count(2); i > 0; i--) target.set(this.value(), this.value());
    else if (target instanceof Set) for (let i = this.count(1); i > 0; i--) target.add(this.value());
    return this.leave(target);
  }

  private list(target: unknown[]): unknown[] {
    const count = this.count(1);
    for (let i = 0; i < count; i++) target.push(this.value());
    this.depth--;
    return target;
  }

  private array(tag: ArrayTag, target: object): object {
    if (!Array.isArray(target)) throw malformed("a list is none");
    if (tag === TAG.list) return this.list(target);
    if (tag === TAG.sparse) return this.sparse(target);
    const count = this.count(widthOf(tag));
    readPacked(this.view, this.at, tag, count, target);
    this.at += count * widthOf(tag);
    return this.leave(target);
  }

  private sparse(target: unknown[]): unknown[] {
    const length = this.varint();
    if (length > 0xffff_ffff) throw malformed("a list is too long");
    const count = this.count(2);
    // An element at the far end makes a list that takes memory for what is in it only.
    if (length > count * 4 + HOLES_MAX) {
      target[0xffff_fffe] = undefined;
      Reflect.deleteProperty(target, 0xffff_fffe);
    }
    target.length = length;
    for (let i = 0; i < count; i++) {
      const key = this.value();
      if (typeof key === "string") define(target, key, this.value());
      else if (typeof key === "number" && key < length) target[key] = this.value();
      else throw malformed("an element has no index");
    }
    if (target.length !== length) throw malformed("an element lies behind the end of its list");
    return this.leave(target);
  }
}

function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

type ArrayTag = typeof TAG.list | typeof TAG.sparse | PackedTag;
type ContainerTag =
  | ArrayTag
  | (typeof TAG)["object" | "nullObject" | "record" | "nullRecord" | "map" | "set" | "error"];

const families: ReadonlyMap<number, number> = new Map([
  [TAG.object, TAG.object],
  [TAG.record, TAG.object],
  [TAG.nullObject, TAG.nullObject],
  [TAG.nullRecord, TAG.nullObject],
  [TAG.list, TAG.list],
  [TAG.sparse, TAG.list],
  [TAG.packedU8, TAG.list],
  [TAG.packedI32, TAG.list],
  [TAG.packedF64, TAG.list],
  [TAG.map, TAG.map],
  [TAG.set, TAG.set],
  [TAG.error, TAG.error],
]);
const familyOf = (tag: number): number | undefined => families.get(tag);
const isContainer = (tag: number): tag is ContainerTag => families.has(tag);
