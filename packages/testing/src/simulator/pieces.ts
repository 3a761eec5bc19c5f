// Owns: values in pieces, between processes: cut up by whoever holds them, put together and checked by whoever asked.

import type { EncodedValue, FlowRunId, ValueRange } from "@millrace/core/seam";
import { taskRunId } from "@millrace/core/seam";
import { type BetweenPeers, checksum, keysOf, rangeOfKey } from "@millrace/distributed/seam";

export const PIECE_BYTES = 16_384;

const sumOf = (bytes: Uint8Array): number =>
  checksum(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length, 0);

/** What a holder answers to `wanted`, in pieces of so many bytes at most. */
export function* answersTo(
  { request, values }: Extract<BetweenPeers, { kind: "wanted" }>,
  find: (key: number) => EncodedValue | undefined,
  most: number,
): Generator<BetweenPeers> {
  const missing: ValueRange[] = [];
  for (const key of keysOf(values)) {
    const value = find(key);
    if (value === undefined) missing.push(rangeOfKey(key));
    else yield* piecesOf(request, key, value, most);
  }
  // Always the last one: the request has ended.
  yield { kind: "missing", request, values: missing };
}

function* piecesOf(
  request: number,
  key: number,
  { bytes, beside }: EncodedValue,
  most: number,
): Generator<BetweenPeers> {
  const all = [bytes, ...beside.map((buffer) => new Uint8Array(buffer))];
  const parts = all.map(({ length }) => length);
  const whole = new Uint8Array(parts.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    whole.set(part, at);
    at += part.length;
  }
  const sum = sumOf(whole);
  const { first, attempt } = rangeOfKey(key);
  for (let offset = 0; offset === 0 || offset < whole.length; offset += most) {
    const piece = whole.subarray(offset, offset + most);
    yield { kind: "piece", request, taskRun: taskRunId(first), attempt, parts, sum, offset, bytes: piece };
  }
}

export type Assembled = { readonly taskRun: number; readonly attempt: number; readonly value: EncodedValue };

/** Pieces of the values of one request. What does not come to what it was said to be is discarded (D1, D2). */
export class Assembly {
  readonly run: FlowRunId;
  /** Who was asked. */
  readonly peer: number;
  private readonly open = new Map<string, { readonly whole: Uint8Array<ArrayBuffer>; got: number }>();

  constructor(run: FlowRunId, peer: number) {
    this.run = run;
    this.peer = peer;
  }

  /** The value, where this was the last piece of a good one. */
  add({
    taskRun,
    attempt,
    parts,
    sum,
    offset,
    bytes,
  }: Extract<BetweenPeers, { kind: "piece" }>): Assembled | undefined {
    const name = `${taskRun}/${attempt}`;
    const length = parts.reduce((total, part) => total + part, 0);
    let made = this.open.get(name);
    if (made === undefined) {
      made = { whole: new Uint8Array(length), got: 0 };
      this.open.set(name, made);
    }
    if (made.whole.length !== length || offset !== made.got || offset + bytes.length > length) return undefined;
    made.whole.set(bytes, offset);
    made.got += bytes.length;
    if (made.got < length) return undefined;
    this.open.delete(name);
    if (sumOf(made.whole) !== sum) return undefined;
    return { taskRun, attempt, value: splitUp(made.whole, parts) };
  }
}

function splitUp(whole: Uint8Array<ArrayBuffer>, parts: readonly number[]): EncodedValue {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for (const length of parts) {
    pieces.push(whole.slice(at, at + length));
    at += length;
  }
  const [bytes = new Uint8Array(0), ...beside] = pieces;
  return { bytes, beside: beside.map(({ buffer }) => buffer) };
}
