// Owns: a value on its way to the scheduler's store, in pieces.

import { encodeValue, type FlowRunId, metaOf, type NodeId } from "@millrace/core/seam";
import type { FromClient } from "../protocol/messages.js";

const PIECE_BYTES = 1_048_576;

/** Throws what the value codec throws. */
export function* putMessages(run: FlowRunId, node: NodeId, value: unknown): Generator<FromClient> {
  const { bytes, beside } = encodeValue(value);
  const meta = metaOf(value);
  const all = [bytes, ...beside.map((buffer) => new Uint8Array(buffer))];
  const parts = all.map(({ length }) => length);
  let offset = 0;
  for (const part of all) {
    for (let at = 0; at === 0 || at < part.length; at += PIECE_BYTES) {
      const piece = part.subarray(at, at + PIECE_BYTES);
      yield { kind: "put", run, node, meta, parts, offset, bytes: piece };
      offset += piece.length;
    }
  }
}
