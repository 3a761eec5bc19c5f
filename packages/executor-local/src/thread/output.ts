// Owns: what a task prints in its thread, as something that it says. What nobody's code prints goes the thread's own way.
// O1. It is the thread's own task that says it, also where a run inside of it prints.
// O2. What is printed is what comes out, byte for byte.

import { isUtf8 } from "node:buffer";
import { attemptAround } from "@millrace/core/seam";
import { SAID_MAX } from "../wire.js";
import { Attempt } from "./attempt.js";

export function catchOutput(): void {
  for (const name of ["stdout", "stderr"] as const) catchStream(name);
}

function catchStream(name: "stdout" | "stderr"): void {
  const stream = process[name];
  const write = stream.write.bind(stream);
  const catching = (...given: readonly unknown[]): unknown => {
    const by = speaker();
    const pieces = by === undefined ? undefined : piecesOf(given[0], given[1]);
    if (by === undefined || pieces === undefined) return Reflect.apply(write, stream, given);
    for (const piece of pieces) by.say({ kind: "output", stream: name, ...piece });
    const done = given.findLast((argument) => typeof argument === "function");
    if (typeof done === "function") process.nextTick(() => Reflect.apply(done, undefined, []));
    return true;
  };
  // Object.assign: the overloads of write fit no function that passes its arguments on.
  Object.assign(stream, { write: catching });
}

/** O1. */
function speaker(): Attempt | undefined {
  const by = attemptAround(({ reporter }) => reporter instanceof Attempt)?.reporter;
  return by instanceof Attempt ? by : undefined;
}

type Piece = { readonly text: string; readonly bytes?: Uint8Array };

/** Undefined: the stream's own to refuse. O2. */
function piecesOf(chunk: unknown, encoding: unknown): Iterable<Piece> | undefined {
  if (typeof chunk !== "string") return chunk instanceof Uint8Array ? piecesOfBytes(chunk) : undefined;
  if (typeof encoding !== "string" || encoding === "utf8" || encoding === "utf-8") return piecesOfText(chunk);
  return Buffer.isEncoding(encoding) ? piecesOfBytes(Buffer.from(chunk, encoding)) : undefined;
}

function* piecesOfText(text: string): Iterable<Piece> {
  for (let from = 0, to = 0; from < text.length; from = to) {
    to = Math.min(from + SAID_MAX, text.length);
    // The two halves of a character stay together.
    if (to < text.length && /[\ud800-\udbff]/.test(text.charAt(to - 1))) to--;
    yield { text: text.slice(from, to) };
  }
}

function piecesOfBytes(bytes: Uint8Array): Iterable<Piece> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  return isUtf8(bytes) ? piecesOfText(text) : piecesOfBinary(bytes);
}

/** Copies: a view travels with all of its memory, and the task may write on in it. */
function* piecesOfBinary(bytes: Uint8Array): Iterable<Piece> {
  for (let from = 0; from < bytes.length; from += SAID_MAX) {
    const piece = new Uint8Array(bytes.subarray(from, from + SAID_MAX));
    yield { text: Buffer.from(piece.buffer).toString(), bytes: piece };
  }
}
