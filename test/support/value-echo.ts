// Owns: the other side of the table of values: a thread or a child process that decodes what it gets, compares it with the
// value that it makes by itself, and sends back what it decoded.

import { decodeValue, type EncodedValue, encodeValue } from "@millrace/core/internal";
import { parentPort } from "node:worker_threads";
import { difference } from "./same-value.js";
import { makeValue } from "./value-table.js";

export type EchoRequest = { readonly code: string; readonly encoded: EncodedValue; readonly shares: boolean };
export type EchoReply = { readonly problem?: string; readonly encoded?: EncodedValue };

function answer({ code, encoded, shares }: EchoRequest): EchoReply {
  try {
    const value = decodeValue(encoded, { takes: true });
    const problem = difference(makeValue(code), value, { ignoresStacks: true });
    return { ...(problem === undefined ? undefined : { problem }), encoded: encodeValue(value, { shares }) };
  } catch (error) {
    return { problem: String(error) };
  }
}

if (parentPort === null) process.on("message", (request: EchoRequest) => process.send?.(answer(request)));
else {
  const port = parentPort;
  port.on("message", (request: EchoRequest) => {
    const reply = answer(request);
    const moved = (reply.encoded?.beside ?? []).filter((buffer) => buffer instanceof ArrayBuffer);
    port.postMessage(reply, moved);
  });
}
