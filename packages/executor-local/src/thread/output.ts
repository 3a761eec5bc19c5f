// Owns: what a task prints in its thread, as something that it says. What nobody's code prints goes the thread's own way.
// O1. It is the thread's own task that says it, also where a run inside of it prints.

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
    const text = by === undefined ? undefined : textOf(given[0], given[1]);
    if (by === undefined || text === undefined) return Reflect.apply(write, stream, given);
    for (let from = 0; from < text.length; from += SAID_MAX)
      by.say({ kind: "output", stream: name, text: text.slice(from, from + SAID_MAX) });
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

/** Undefined: not for us to judge. */
function textOf(chunk: unknown, encoding: unknown): string | undefined {
  if (typeof chunk === "string") {
    const isText = typeof encoding !== "string" || encoding === "utf8" || encoding === "utf-8";
    return isText ? chunk : undefined;
  }
  return chunk instanceof Uint8Array
    ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString()
    : undefined;
}
