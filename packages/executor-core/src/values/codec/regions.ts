// Owns: the buffers and views of a value that is being encoded: which bytes travel, where, and what shares memory.
// B1. Views of one buffer that overlap share memory on the other side too, and so do all views of a buffer that itself is
//     part of the value. Of any other buffer only the bytes that a view shows travel: the rest may be somebody else's.
// B2. Nothing is moved before the whole value was found good: `moveGivenUp` comes last.

import type { ByteWriter } from "./byte-writer.js";
import { OUT_OF_LINE_BYTES, SPAN } from "./format.js";
import { isSharedArrayBuffer } from "./native.js";
import { isGivenUp } from "./transfer.js";
import { ValueTooLarge } from "./value-errors.js";

/** Of the largest elements. */
const ALIGNMENT = 8;

type Region = { readonly buffer: ArrayBufferLike; readonly from: number; readonly to: number; span: Span | undefined };
/** `slack`: bytes before the first that a view shows, carried as zeros to keep the alignment of the others. */
type Span = { readonly buffer: ArrayBufferLike; from: number; to: number; slack: number; id: number };
export type Beside = ArrayBuffer | SharedArrayBuffer;

export class Regions {
  private readonly regions: Region[] = [];
  private readonly whole = new Map<ArrayBufferLike, Span>();
  private readonly parts = new Map<ArrayBufferLike, Region[]>();
  /** Of earlier messages, for a list whose elements are messages. */
  private earlier: Map<ArrayBufferLike, { readonly from: number; readonly to: number }> | undefined;

  /** Whether memory that travels in this message travelled in an earlier one too. */
  isShared(): boolean {
    this.earlier ??= new Map();
    let isShared = false;
    for (const { buffer, from, to } of this.regions) {
      if (isSharedArrayBuffer(buffer)) continue;
      const before = this.earlier.get(buffer);
      if (before !== undefined && from < before.to && before.from < to) isShared = true;
    }
    for (const { buffer, from, to } of this.regions) {
      const before = this.earlier.get(buffer) ?? { from, to };
      this.earlier.set(buffer, { from: Math.min(from, before.from), to: Math.max(to, before.to) });
    }
    return isShared;
  }

  get isEmpty(): boolean {
    return this.regions.length === 0;
  }

  addBuffer(buffer: ArrayBufferLike): void {
    this.add(buffer, 0, buffer.byteLength);
    this.wholeOf(buffer);
  }

  addView(buffer: ArrayBufferLike, from: number, length: number): void {
    this.add(buffer, from, from + length);
    if (isSharedArrayBuffer(buffer) || isGivenUp(buffer)) this.wholeOf(buffer);
  }

  end(): void {
    this.clear();
    this.earlier = undefined;
  }

  clear(): void {
    if (this.isEmpty) return;
    this.regions.length = 0;
    this.whole.clear();
    this.parts.clear();
  }

  /** Writes the tables; gives what travels beside the bytes. Throws `VALUE_TOO_LARGE`. */
  writeTo(out: ByteWriter, maxBytes: number): readonly Beside[] {
    const spans = this.makeSpans();
    const besideBytes = spans.reduce((sum, span) => sum + (isBeside(span) ? span.to - span.from : 0), 0);
    if (out.at + besideBytes > maxBytes) throw new ValueTooLarge("maxBytes", maxBytes, "a value with its buffers");
    const inlineBytes = spans.reduce((sum, span) => sum + (isBeside(span) ? 0 : span.to - span.from), 0);
    out.reserve(16 + inlineBytes + 16 * spans.length + 24 * this.regions.length);
    const beside: Beside[] = [];
    out.varint(spans.length);
    for (const span of spans) writeSpan(out, span, beside);
    out.varint(this.regions.length);
    for (const { span, from, to } of this.regions) {
      out.varint(span?.id ?? 0);
      out.varint(from - (span?.from ?? 0));
      out.varint(to - from);
    }
    return beside;
  }

  private add(buffer: ArrayBufferLike, from: number, to: number): void {
    const region: Region = { buffer, from, to, span: undefined };
    this.regions.push(region);
    const parts = this.parts.get(buffer);
    if (parts === undefined) this.parts.set(buffer, [region]);
    else parts.push(region);
  }

  private wholeOf(buffer: ArrayBufferLike): void {
    if (this.whole.has(buffer)) return;
    this.whole.set(buffer, { buffer, from: 0, to: buffer.byteLength, slack: 0, id: 0 });
  }

  private makeSpans(): readonly Span[] {
    const spans: Span[] = [];
    for (const [buffer, regions] of this.parts) {
      const whole = this.whole.get(buffer);
      if (whole !== undefined) spans.push(whole);
      for (const region of regions.toSorted((a, b) => a.from - b.from)) {
        region.span = whole ?? spanFor(spans, region);
      }
    }
    for (const [id, span] of spans.entries()) span.id = id;
    return spans;
  }
}

/** The last span, if the region shares bytes with it; else a new one. */
function spanFor(spans: Span[], { buffer, from, to }: Region): Span {
  const last = spans.at(-1);
  if (last !== undefined && last.buffer === buffer && from < last.to) {
    last.slack ||= last.from % ALIGNMENT;
    last.from -= last.from % ALIGNMENT;
    last.to = Math.max(last.to, to);
    return last;
  }
  const span = { buffer, from, to, slack: 0, id: 0 };
  spans.push(span);
  return span;
}

const isBeside = ({ buffer, from, to }: Span): boolean =>
  to - from >= OUT_OF_LINE_BYTES || isSharedArrayBuffer(buffer) || isGivenUp(buffer);

function writeSpan(out: ByteWriter, span: Span, beside: Beside[]): void {
  const { buffer, from, to, slack } = span;
  if (isSharedArrayBuffer(buffer)) {
    out.u8(SPAN.shared);
    beside.push(buffer);
  } else if (isBeside(span)) {
    out.u8(SPAN.beside);
    beside.push(isGivenUp(buffer) ? buffer : copyOf(buffer, from, to, slack));
  } else {
    out.u8(SPAN.inline);
    out.varint(to - from);
    out.raw(new Uint8Array(buffer, from, to - from));
    out.bytes.fill(0, out.at - (to - from), out.at - (to - from) + slack);
  }
}

function copyOf(buffer: ArrayBuffer, from: number, to: number, slack: number): ArrayBuffer {
  const copy = buffer.slice(from, to);
  if (slack > 0) new Uint8Array(copy, 0, slack).fill(0);
  return copy;
}

/** What was given up is empty from now on. */
export function moveGivenUp(beside: readonly Beside[]): readonly Beside[] {
  if (!beside.some(isGivenUp)) return beside;
  return beside.map((buffer) => (isMovable(buffer) ? structuredClone(buffer, { transfer: [buffer] }) : buffer));
}

const isMovable = (buffer: Beside): buffer is ArrayBuffer => isGivenUp(buffer);
