// Owns: a value there and back, by the codec or by the peer that it is measured against, as one side.
import { deserialize, serialize } from "node:v8";
import { decodeValue, encodeValue } from "@millrace/core/internal";
import type { Prepare } from "../side.js";
import { valuesFor } from "../value-loads.js";

const codecs: Readonly<Record<string, (value: unknown) => unknown>> = {
  ours: (value) => decodeValue(encodeValue(value), { takes: true }),
  v8: (value) => deserialize(serialize(value)),
  structuredClone: (value) => structuredClone(value),
};

/** Milliseconds for all values, one by one. */
export const prepare: Prepare = async ({ codec, load }) => {
  const run = codecs[String(codec)];
  if (run === undefined) throw new TypeError(`there is no codec ${String(codec)}`);
  const values = valuesFor(String(load));
  return async () => {
    globalThis.gc?.();
    const startedAt = performance.now();
    for (const value of values) run(value);
    return performance.now() - startedAt;
  };
};
