// Owns: the value codec's two functions: a value to bytes, and back (D8). docs/values.md says what travels and what does not.
// Does not own: the walk (`encoder`, `decoder`), lists in parts (`list-form`).
// C1. Exact or refused: a value that comes back is the same in structure, prototypes, own enumerable string keys, shared
//     references and cycles. Whether something was frozen is not carried.
// C2. The bytes are a copy: what becomes of the value afterwards does not change them. Only memory that was given up
//     (`transfer`) is moved, and memory that is shared stays shared.

import { type Caps, DEFAULT_CAPS } from "./caps.js";
import { RegionReader } from "./decode-regions.js";
import { Decoder } from "./decoder.js";
import { Encoder } from "./encoder.js";
import { FLAG, FOOT_BYTES, HEAD, HEAD_BYTES } from "./format.js";
import { type Beside, moveGivenUp } from "./regions.js";
import { decodeParts, isParts } from "./list-parts.js";
import { isGivenUp } from "./transfer.js";
import { TextReader } from "./text-reader.js";
import { BadValue, ValueTooLarge, malformed } from "./value-errors.js";

export type EncodedValue = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Large buffers, which need not be copied into the bytes; in the order in which the bytes name them. */
  readonly beside: readonly Beside[];
  /** Some of them was given up (`transfer`): here is all that is left of it. */
  readonly givenUp?: true;
};
export type EncodeOptions = {
  /** What the value is called in errors; by default "value". */
  readonly name?: string;
  /** Whether a SharedArrayBuffer may travel, which holds inside one process only; by default not. */
  readonly shares?: boolean;
  readonly caps?: Caps;
};
export type DecodeOptions = {
  /** Whether the buffers beside become part of the value, so that it can be decoded once only; by default they are copied. */
  readonly takes?: boolean;
  readonly caps?: Caps;
};

const free: Encoder[] = [];

/** Runs with an encoder of its own: the `encode` of a registered class may encode something itself. */
export function withEncoder<T>(
  { name = "value", shares = false, caps = DEFAULT_CAPS }: EncodeOptions,
  run: (encoder: Encoder) => T,
): T {
  const encoder = free.pop() ?? new Encoder();
  encoder.begin(name, caps, shares);
  try {
    return run(encoder);
  } finally {
    encoder.end();
    free.push(encoder);
  }
}

/** Throws `NOT_SERIALISABLE` and `VALUE_TOO_LARGE`; nothing was moved or sent then. */
export function encodeValue(value: unknown, options: EncodeOptions = {}): EncodedValue {
  return withEncoder(options, (encoder) => {
    const beside = encoder.message(value);
    const bytes = encoder.out.copy();
    return beside.some(isGivenUp) ? { bytes, beside: moveGivenUp(beside), givenUp: true } : { bytes, beside };
  });
}

/**
 * Throws `VALUE_MALFORMED`, `VALUE_OTHER_VERSION`, `VALUE_TOO_LARGE`, `UNKNOWN_TYPE` and `TYPE_DECODE_FAILED`. That bytes are
 * whole is for whoever carried them to check: here they are refused only where they make no sense.
 */
export function decodeValue(encoded: EncodedValue, options: DecodeOptions = {}): unknown {
  const { caps = DEFAULT_CAPS, takes = false } = options;
  const flags = readHead(encoded.bytes, caps);
  try {
    if (isParts(flags))
      return decodeParts(encoded, caps, (part) => decodeMessage(part, readHead(part.bytes, caps), takes, caps));
    return decodeMessage(encoded, flags, takes, caps);
  } catch (error) {
    // A read past the end, and lengths that the engine refuses.
    if (error instanceof RangeError) throw malformed(error.message);
    throw error;
  }
}

function decodeMessage({ bytes, beside }: EncodedValue, flags: number, takes: boolean, caps: Caps): unknown {
  if ((flags & ~FLAG.foot) !== 0) throw malformed("it has unknown flags");
  if (flags === 0) return new Decoder(bytes, HEAD_BYTES, bytes.length, undefined, undefined, caps).message();
  const foot = bytes.length - FOOT_BYTES;
  if (foot < HEAD_BYTES) throw malformed("it has no foot");
  const view = new DataView(bytes.buffer, bytes.byteOffset + foot, FOOT_BYTES);
  const textsAt = view.getUint32(0, true);
  const tablesAt = view.getUint32(4, true);
  if (textsAt < HEAD_BYTES || textsAt > tablesAt || tablesAt > foot) throw malformed("its foot is wrong");
  const texts = new TextReader(bytes, textsAt, tablesAt);
  const regions = tablesAt === foot ? undefined : new RegionReader(bytes, tablesAt, foot, beside, takes);
  return new Decoder(bytes, HEAD_BYTES, textsAt, texts, regions, caps).message();
}

/** The flags. */
export function readHead(bytes: Uint8Array, { maxBytes }: Caps): number {
  const [head = 0, flags = 0] = bytes;
  if (bytes.length > maxBytes) throw new ValueTooLarge("maxBytes", maxBytes, "an encoded value");
  if (head >>> 4 !== HEAD >>> 4) throw malformed("it is no encoded value");
  if (head !== HEAD) {
    const what = `an encoded value is of format version ${head & 15}, and this side reads ${HEAD & 15}`;
    throw new BadValue("VALUE_OTHER_VERSION", `${what}: let both sides run the same version of Millrace`);
  }
  return flags;
}
