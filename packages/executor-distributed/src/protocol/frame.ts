// Owns: a frame: its head, its checksum, its body of one kind; and finding frames in bytes that come one after the other.
// F1. Head, little-endian: magic u8, version u8, kind u8, 0, epoch u32, sequence number u64 (below 2^53), length of the body u32,
//     checksum u32 over the rest of the head and the body.
// F2. The head is checked before anything of the body is waited for or taken: kind, and the kind's cap.
// F3. What is read holds views of the frame's memory: whoever gives bytes to `readFrame` does not write to them afterwards.

import { ByteReader } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";
import { checksum } from "./checksum.js";
import { PROTOCOL_VERSION } from "./limits.js";
import { ProtocolError } from "./protocol-error.js";
import type { Direction, Entry } from "./shapes.js";

const MAGIC = 0x4d;
export const HEAD_BYTES = 24;
const SUM_AT = 20;
const U32 = 2 ** 32;

export type FrameHead = { readonly epoch: number; readonly seq: number };
export type Frame<M> = FrameHead & {
  readonly message: M;
  /** Where the next one begins. */
  readonly end: number;
};

const sumOf = (view: DataView, at: number, end: number): number =>
  checksum(view, at + HEAD_BYTES, end, checksum(view, at, at + SUM_AT, 0));

/** Frames of one way, written one after the other, and taken all at once: one for each flush. */
export class FrameWriter<M extends { readonly kind: string }> {
  private readonly out = new ByteWriter();
  private readonly direction: Direction<M>;

  constructor(direction: Direction<M>) {
    this.direction = direction;
  }

  get byteLength(): number {
    return this.out.at;
  }

  /** Throws `FRAME_TOO_LARGE`; nothing was written then. */
  add(message: M, epoch: number, seq: number): void {
    const entry = this.direction.byKind.get(message.kind);
    if (entry === undefined) throw new ProtocolError("FRAME_KIND", `${this.direction.name} has no ${message.kind}`);
    const { out } = this;
    const at = out.at;
    try {
      out.reserve(HEAD_BYTES);
      out.at = at + HEAD_BYTES;
      entry.body.write(out, message);
      const length = out.at - at - HEAD_BYTES;
      if (length > entry.bytesMax) throw tooLarge(entry, length);
      writeHead(out.view, at, entry.code, length, epoch, seq);
    } catch (error) {
      out.at = at;
      throw error;
    }
  }

  /** Memory of its own. */
  take(): Uint8Array<ArrayBuffer> {
    return this.out.take();
  }
}

export function writeFrame<M extends { readonly kind: string }>(
  direction: Direction<M>,
  message: M,
  epoch: number,
  seq: number,
): Uint8Array<ArrayBuffer> {
  const writer = new FrameWriter(direction);
  writer.add(message, epoch, seq);
  return writer.take();
}

function writeHead(view: DataView, at: number, code: number, length: number, epoch: number, seq: number): void {
  view.setUint32(at, MAGIC | (PROTOCOL_VERSION << 8) | (code << 16), true);
  view.setUint32(at + 12, Math.floor(seq / U32), true);
  view.setUint32(at + 8, seq % U32, true);
  view.setUint32(at + 4, epoch, true);
  view.setUint32(at + 16, length, true);
  view.setUint32(at + SUM_AT, sumOf(view, at, at + HEAD_BYTES + length), true);
}

/** The same frames, of another epoch: what was not seen before a link broke is sent again over the next one. */
export function restamp(frames: Uint8Array<ArrayBuffer>, epoch: number): void {
  const view = new DataView(frames.buffer, frames.byteOffset, frames.byteLength);
  for (let at = 0; at < frames.length; ) {
    const end = at + HEAD_BYTES + view.getUint32(at + 16, true);
    view.setUint32(at + 4, epoch, true);
    view.setUint32(at + SUM_AT, sumOf(view, at, end), true);
    at = end;
  }
}

function tooLarge({ kind, bytesMax }: Entry, length: number): ProtocolError {
  return new ProtocolError(
    "FRAME_TOO_LARGE",
    `a ${kind} has ${length} bytes, more than ${bytesMax}: send it in pieces`,
  );
}

/**
 * How long the frame at `at` is, whose end need not be there yet. Undefined: not even its head is there. Throws `FRAME_MAGIC`,
 * `FRAME_VERSION`, `FRAME_KIND` and `FRAME_TOO_LARGE`: then nothing that follows is worth reading.
 */
export function frameLength<M extends { readonly kind: string }>(
  direction: Direction<M>,
  bytes: Uint8Array,
  at = 0,
): number | undefined {
  if (bytes.length - at < HEAD_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return HEAD_BYTES + bodyLength(entryAt(direction, view, at), view, at);
}

/** The frame at `at`, which must be there as a whole. Throws `ProtocolError`, and nothing else. */
export function readFrame<M extends { readonly kind: string }>(
  direction: Direction<M>,
  bytes: Uint8Array,
  at = 0,
): Frame<M> {
  if (bytes.length - at < HEAD_BYTES) throw new ProtocolError("FRAME_TRUNCATED", "a frame ends in its head");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entry = entryAt(direction, view, at);
  const end = at + HEAD_BYTES + bodyLength(entry, view, at);
  if (end > bytes.length) throw new ProtocolError("FRAME_TRUNCATED", `a ${entry.kind} is cut short`);
  if (view.getUint32(at + SUM_AT, true) !== sumOf(view, at, end))
    throw new ProtocolError("FRAME_CHECKSUM", `a ${entry.kind} was changed on its way`);
  const seqHigh = view.getUint32(at + 12, true);
  if (seqHigh >= 2 ** 21) throw new ProtocolError("FRAME_INVALID", `${entry.kind}: its sequence number is too large`);
  const reader = new ByteReader(bytes, at + HEAD_BYTES, end, entry.kind);
  const message = direction.message(entry, readBody(entry, reader));
  return { epoch: view.getUint32(at + 4, true), seq: seqHigh * U32 + view.getUint32(at + 8, true), message, end };
}

/** All frames of what came at once; the last one ends with it. */
export function* readFrames<M extends { readonly kind: string }>(
  direction: Direction<M>,
  bytes: Uint8Array,
): Generator<Frame<M>> {
  for (let at = 0; at < bytes.length; ) {
    const frame = readFrame(direction, bytes, at);
    at = frame.end;
    yield frame;
  }
}

function readBody({ body }: Entry, reader: ByteReader): object {
  const made = body.read(reader);
  if (reader.at !== reader.end) throw reader.fail("it goes on behind its end");
  return made;
}

function entryAt<M extends { readonly kind: string }>(direction: Direction<M>, view: DataView, at: number): Entry {
  if (view.getUint8(at) !== MAGIC) throw new ProtocolError("FRAME_MAGIC", "what came is no frame of Millrace");
  const version = view.getUint8(at + 1);
  if (version !== PROTOCOL_VERSION)
    throw new ProtocolError(
      "FRAME_VERSION",
      `a frame is of protocol version ${version}, and this side speaks ${PROTOCOL_VERSION}: let both run the same Millrace`,
    );
  const code = view.getUint8(at + 2);
  const entry = direction.byCode.get(code);
  if (entry === undefined || view.getUint8(at + 3) !== 0)
    throw new ProtocolError("FRAME_KIND", `a frame is of kind ${code}, which does not come from ${direction.name}`);
  return entry;
}

function bodyLength(entry: Entry, view: DataView, at: number): number {
  const length = view.getUint32(at + 16, true);
  if (length > entry.bytesMax) throw tooLarge(entry, length);
  return length;
}
