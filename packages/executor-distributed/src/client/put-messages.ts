// Owns: a value on its way to the scheduler's store, in pieces.

import { encodeValue, type FlowRunId, metaOf, type NodeId } from "@millrace/core/seam";
import type { FromClient } from "../protocol/messages.js";

const PIECE_BYTES = 1_048_576;

/** Throws what the value codec throws; a piece is made when it is asked for. */
export function putMessages(run: FlowRunId, node: NodeId, value: unknown): Iterable<FromClient> {
  const { bytes, beside } = encodeValue(value);
  return pieces({ run, node, meta: metaOf(value) }, [bytes, ...beside.map((buffer) => new Uint8Array(buffer))]);
}

function* pieces(
  of: Pick<Extract<FromClient, { readonly kind: "put" }>, "run" | "node" | "meta">,
  all: readonly Uint8Array[],
): Generator<FromClient> {
  let parts = all.map(({ length }) => length);
  let offset = 0;
  for (const part of all) {
    // An empty part has no piece.
    for (let at = 0; at < part.length; at += PIECE_BYTES) {
      const piece = part.subarray(at, at + PIECE_BYTES);
      yield { kind: "put", ...of, parts, offset, bytes: piece };
      offset += piece.length;
      parts = [];
    }
  }
}
