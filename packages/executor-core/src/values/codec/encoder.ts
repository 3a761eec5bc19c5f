// Owns: the walk over a value that writes it as it goes, or refuses it with the path of what cannot travel (D8).
// Does not own: which object is of which kind (`kinds`), errors and leaves (`encode-error`, `encode-leaf`), buffers (`regions`).
// E1. Nothing of the user's runs but the `encode` of a registered class: proxies and accessors are found before they are asked.
// E2. Nothing recurses on the depth of a value: what lies deep is written after the rest (`later`).
// E3. Objects are numbered as they are met, so that one that is met again is a number.

import { ByteWriter } from "./byte-writer.js";
import { type Caps, DEFAULT_CAPS } from "./caps.js";
import * as refuse from "./describe.js";
import { writeError } from "./encode-error.js";
import { writeLeaf } from "./encode-leaf.js";
import { writeCollection } from "./encode-collection.js";
import { writeList } from "./encode-list.js";
import {
  FLAG,
  FOOT_BYTES,
  HEAD,
  HEAD_BYTES,
  INLINE_DEPTH,
  SHAPE_KEYS,
  SHORT_CHARS,
  TAG,
  WHOLE_DEPTH,
} from "./format.js";
import { type Kind, LIST, NULL_PLAIN, PLAIN, kindOf } from "./kinds.js";
import { isLatin1, isNativeError, isProxy } from "./native.js";
import { type Beside, Regions } from "./regions.js";
import { SeenObjects } from "./seen-objects.js";
import { WrittenShapes } from "./shapes.js";
import { TextWriter } from "./text-writer.js";
import type { RegisteredType } from "./type-registry.js";
import { NotSerialisable, ValueTooLarge } from "./value-errors.js";
import { type PathPart, type PathStart, pathText } from "./value-path.js";

const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf } = Object;
const shapes = new WrittenShapes();
let messages = 0;

type Later = { readonly object: object; readonly kind: Kind; readonly start: PathStart; readonly depth: number };
const NOTHING_BESIDE: readonly Beside[] = [];

export class Encoder {
  readonly out = new ByteWriter();
  readonly regions = new Regions();
  /** Whether a SharedArrayBuffer may be shared. */
  shares = false;
  /** Whether a message shares an object, or memory, with an earlier one. */
  hasOuterRef = false;
  private readonly texts = new TextWriter();
  private readonly seen = new SeenObjects();
  private readonly path: PathPart[] = [];
  /** From the outermost object on the way to the one that is being written. */
  private readonly ancestors: object[] = [];
  private readonly later: Later[] = [];
  /** How many registered objects are having their data written, one in another. */
  private open = 0;
  private root = "";
  private caps = DEFAULT_CAPS;
  private start: PathStart | undefined;
  private depthAbove = 0;
  private depth = 0;
  private nodes = 0;
  private messageNumber = 0;
  private shapeCount = 0;
  private firstObject = 0;

  begin(root: string, caps: Caps, shares: boolean): void {
    this.root = root;
    this.caps = caps;
    this.shares = shares;
    this.nodes = 0;
    this.hasOuterRef = false;
    this.out.start(caps.maxBytes);
    this.texts.start(caps.maxBytes);
  }

  /** Lets go of everything of the user's. */
  end(): void {
    this.seen.clear();
    this.regions.end();
    this.texts.end();
    this.path.length = 0;
    this.ancestors.length = 0;
    this.later.length = 0;
    this.start = undefined;
    this.open = 0;
    this.depth = 0;
    this.depthAbove = 0;
    this.out.end();
  }

  /** One value from head to foot; `at`: the index of the element that it is. Gives what travels beside the bytes. */
  message(value: unknown, at?: number): readonly Beside[] {
    const { out, texts, regions } = this;
    const from = out.at;
    out.reserve(HEAD_BYTES);
    out.u8(HEAD);
    out.u8(0);
    this.messageNumber = ++messages;
    this.shapeCount = 0;
    this.firstObject = this.seen.size;
    if (at !== undefined) this.start = { above: undefined, parts: [at] };
    this.value(value);
    for (let i = 0; i < this.later.length; i++) this.writeLater(this.later[i]);
    this.later.length = 0;
    this.start = undefined;
    this.depthAbove = 0;
    if (texts.isEmpty && regions.isEmpty) return NOTHING_BESIDE;
    const textsAt = out.at - from;
    texts.writeTo(out);
    const tablesAt = out.at - from;
    if (at !== undefined && regions.isShared()) this.hasOuterRef = true;
    const beside = regions.isEmpty ? NOTHING_BESIDE : regions.writeTo(out, this.caps.maxBytes);
    regions.clear();
    out.reserve(FOOT_BYTES);
    out.u32(textsAt);
    out.u32(tablesAt);
    out.bytes[from + 1] = FLAG.foot;
    return beside;
  }

  /** The list whose elements are the messages to come: an element that refers to it is not on its own. */
  outer(list: object): void {
    this.seen.meet(list);
  }

  value(value: unknown): void {
    const { out } = this;
    out.reserve(16);
    switch (typeof value) {
      case "number":
        return out.number(value);
      case "string":
        return this.text(value);
      case "object":
        return value === null ? out.u8(TAG.null) : this.object(value);
      case "boolean":
        return out.u8(value ? TAG.true : TAG.false);
      case "undefined":
        return out.u8(TAG.undefined);
      case "bigint":
        out.u8(TAG.bigint);
        return this.text(value < 0n ? `-${(-value).toString(16)}` : value.toString(16));
      default:
        return this.refuse(refuse.refusalOfPrimitive(value));
    }
  }

  text(text: string): void {
    const { out } = this;
    const { length } = text;
    if (length <= SHORT_CHARS) {
      out.reserve(2);
      out.u8(TAG.short);
      out.u8(length);
      this.texts.add(text);
    } else if (isLatin1(text)) {
      out.reserve(6 + length);
      out.u8(TAG.latin1);
      out.varint(length);
      out.latin1(text);
    } else {
      out.reserve(6 + length * 2);
      out.u8(TAG.utf16);
      out.varint(length);
      out.utf16(text);
    }
  }

  /** A part of the object that is being written. */
  part(at: PathPart, value: unknown): void {
    this.path[this.depth - 1] = at;
    this.value(value);
  }

  /** Refuses the object that is being written, or a part of it that was not begun. */
  refuseHere(refusal: refuse.Refusal, at?: PathPart): never {
    const parts = this.path.slice(0, this.depth - 1);
    return this.refuseAt(refusal, at === undefined ? parts : [...parts, at]);
  }

  /** Refuses the part that was begun last. */
  private refuse(refusal: refuse.Refusal): never {
    return this.refuseAt(refusal, this.path.slice(0, this.depth));
  }

  private refuseAt({ kind, advice }: refuse.Refusal, parts: readonly PathPart[]): never {
    throw new NotSerialisable(pathText(this.root, this.start, parts), kind, advice);
  }

  countNodes(count: number): void {
    this.nodes += count;
    if (this.nodes > this.caps.maxNodes)
      throw new ValueTooLarge("maxNodes", this.caps.maxNodes, `the number of parts of ${this.root}`);
  }

  private object(object: object): void {
    const known = this.seen.meet(object);
    if (known >= 0) return this.reference(object, known);
    this.countNodes(1);
    if (isProxy(object)) return this.refuse(refuse.aProxy);
    const kind = this.kindOf(object);
    if (getOwnPropertySymbols(object).length > 0) this.refuseSymbols(object);
    if (this.depth >= INLINE_DEPTH) {
      if (this.open === 0 && isContainer(kind)) return this.defer(object, kind);
      if (this.depth >= WHOLE_DEPTH) return this.refuse(refuse.tooDeep);
    }
    this.ancestors[this.depth] = object;
    this.depth++;
    this.content(object, kind);
    this.depth--;
  }

  private kindOf(object: object): Kind {
    const prototype: object | null = getPrototypeOf(object);
    if (prototype === Object.prototype) return PLAIN;
    if (Array.isArray(object)) return prototype === Array.prototype ? LIST : this.refuseClass(object, prototype);
    if (prototype === null) return NULL_PLAIN;
    return kindOf(object, prototype) ?? this.refuseClass(object, prototype);
  }

  private refuseClass(object: object, prototype: object | null): never {
    return this.refuse(refuse.refusalOf(object, prototype));
  }

  /** Node keeps symbols on its own errors, which are not enumerable. */
  private refuseSymbols(object: object): void {
    const isCarried = (key: symbol): boolean =>
      !isNativeError(object) || getOwnPropertyDescriptor(object, key)?.enumerable === true;
    if (getOwnPropertySymbols(object).some(isCarried)) this.refuse(refuse.symbolKeys);
  }

  private reference(object: object, known: number): void {
    if (known < this.firstObject) this.hasOuterRef = true;
    if (this.open > 0 && (this.later.length > 0 || this.ancestors.lastIndexOf(object, this.depth - 1) >= 0))
      this.refuse(refuse.ofItself);
    this.out.u8(TAG.ref);
    this.out.varint(Math.max(known - this.firstObject, 0));
  }

  private defer(object: object, kind: Kind): void {
    const depth = this.depthAbove + this.depth;
    if (depth > this.caps.maxDepth)
      throw new ValueTooLarge("maxDepth", this.caps.maxDepth, `the depth of ${this.root}`);
    this.later.push({ object, kind, start: { above: this.start, parts: this.path.slice(0, this.depth) }, depth });
    this.out.u8(TAG.deferred);
    this.out.u8(containerTag(kind));
    if (kind.kind === "error") this.out.u8(kind.code);
  }

  private writeLater(later: Later | undefined): void {
    if (later === undefined) return;
    this.start = later.start;
    this.depthAbove = later.depth;
    this.ancestors[0] = later.object;
    this.depth = 1;
    this.content(later.object, later.kind);
    this.depth = 0;
  }

  private content(object: object, kind: Kind): void {
    switch (kind.kind) {
      case "plain":
        return this.plain(object, kind.tag);
      case "list":
        return writeList(this, object);
      case "map":
      case "set":
        return writeCollection(this, kind.kind, object);
      case "error":
        return writeError(this, object, kind.code);
      case "registered":
        return this.registered(object, kind.type);
      default:
        return writeLeaf(this, kind, object);
    }
  }

  private plain(object: object, tag: typeof TAG.object | typeof TAG.nullObject): void {
    const { out } = this;
    const names = getOwnPropertyNames(object);
    const isRecord = names.length > SHAPE_KEYS;
    if (isRecord) {
      out.u8(tag === TAG.object ? TAG.record : TAG.nullRecord);
      out.varint(names.length);
      this.countNodes(names.length);
    } else {
      out.u8(tag);
      this.shape(names);
    }
    for (const name of names) {
      const property = getOwnPropertyDescriptor(object, name);
      if (property === undefined || refuse.isAccessor(property)) return this.refuseHere(refuse.anAccessor, name);
      if (property.enumerable !== true) return this.refuseHere(refuse.aHidden, name);
      if (isRecord) {
        out.reserve(2);
        this.text(name);
      }
      this.path[this.depth - 1] = name;
      this.value(property.value);
    }
  }

  private shape(names: readonly string[]): void {
    const { out } = this;
    const shape = shapes.of(names);
    if (shape.message === this.messageNumber) return out.varint(shape.id);
    shape.message = this.messageNumber;
    shape.id = this.shapeCount++;
    out.varint(shape.id);
    out.reserve(8 + shape.block.length);
    out.varint(shape.block.length);
    out.u8(names.length);
    out.raw(shape.block);
  }

  private registered(object: object, type: RegisteredType): void {
    const { out } = this;
    out.u8(TAG.registered);
    this.text(type.name);
    out.reserve(9);
    out.varint(type.version);
    this.open++;
    this.part({ text: ".encode()" }, this.dataOf(object, type));
    this.open--;
  }

  private dataOf(object: object, type: RegisteredType): unknown {
    try {
      return type.encode(object);
    } catch (error) {
      const what = `an instance of ${type.name} whose encode threw`;
      return this.refuseHere({ kind: what, advice: error instanceof Error ? error.message : "it threw no Error" });
    }
  }
}

const isContainer = ({ kind }: Kind): boolean =>
  kind === "plain" || kind === "list" || kind === "map" || kind === "set" || kind === "error";

function containerTag(kind: Kind): number {
  switch (kind.kind) {
    case "plain":
      return kind.tag;
    case "map":
      return TAG.map;
    case "set":
      return TAG.set;
    case "error":
      return TAG.error;
    default:
      return TAG.list;
  }
}
