// Owns: answering questions where the values are.

import { failureDataOf } from "../values/error-data.js";
import type { ValuesToRead } from "../values/value-store.js";
import type { Answer, Ask } from "../work/ask.js";
import { metaOf } from "../work/value-meta.js";
import { readTree } from "./arguments.js";

export function answer(ask: Ask, values: ValuesToRead): Answer {
  const { run, id } = ask;
  let value: unknown;
  try {
    value = readTree(ask.tree, values);
  } catch (error) {
    return { run, id, kind: "failed", failure: failureDataOf(error) };
  }
  if (ask.kind === "fetch") return { run, id, kind: "fetched", value };
  const equal = ask.probe.equals !== undefined && value === ask.probe.equals.value;
  return { run, id, kind: "probed", meta: metaOf(value), equal };
}
