// Owns: which export of a module is the flow that is meant.
// E1. A default export that is a flow is what the file is for: it needs no name, however many others there are.

import { type AnyFlow, isFlow } from "@millrace/core";
import { CodeError } from "./code-error.js";
import { shownPath } from "./source-place.js";

type Exports = Readonly<Record<string, unknown>>;
export type FoundFlow = { readonly exportName: string; readonly flow: AnyFlow };

/** Throws `NO_FLOW_EXPORTED`, `SEVERAL_FLOWS` and `FLOW_NOT_FOUND`. */
export function findFlow(file: string, exports: Exports, exportName?: string): FoundFlow {
  const found = flowsIn(exports);
  if (exportName !== undefined) return findNamed(file, exports, found, exportName);
  const chosen = found.find((each) => each.exportName === "default") ?? found[0];
  if (chosen === undefined) throw noFlow(file, exports);
  if (found.length === 1 || chosen.exportName === "default") return chosen;
  throw new CodeError(
    "SEVERAL_FLOWS",
    `${shownPath(file)} exports several flows: ${listOf(found)}. Say which one: ${shownPath(file)}:${chosen.exportName}`,
  );
}

/** Each flow once, though it may be exported under two names. CommonJS may hide its names in the default export. */
function flowsIn(exports: Exports): readonly FoundFlow[] {
  const found = new Map<AnyFlow, FoundFlow>();
  const inner = exports["default"];
  const hidden = typeof inner === "object" && inner !== null && !isFlow(inner) ? Object.entries(inner) : [];
  const all: readonly (readonly [string, unknown])[] = [["default", inner], ...Object.entries(exports), ...hidden];
  for (const [exportName, flow] of all) {
    if (isFlow(flow) && !found.has(flow)) found.set(flow, { exportName, flow });
  }
  return [...found.values()];
}

function findNamed(file: string, exports: Exports, found: readonly FoundFlow[], exportName: string): FoundFlow {
  const direct = exports[exportName];
  if (isFlow(direct)) return { exportName, flow: direct };
  const hidden = found.find((each) => each.exportName === exportName);
  if (hidden !== undefined) return hidden;
  const what =
    exportName in exports ? `exports ${exportName}, which is no flow` : `exports nothing named ${exportName}`;
  const flows = found.length === 0 ? `It ${exportsOf(exports)}` : `Its flows are ${listOf(found)}`;
  throw new CodeError("FLOW_NOT_FOUND", `${shownPath(file)} ${what}. ${flows}`);
}

function noFlow(file: string, exports: Exports): CodeError {
  const remedy = "Export what flow(...) returned, as in: export default flow(...)";
  return new CodeError("NO_FLOW_EXPORTED", `${shownPath(file)} exports no flow: it ${exportsOf(exports)}. ${remedy}`);
}

function exportsOf(exports: Exports): string {
  const names = Object.entries(exports).map(([name, value]) => `${name} (${kindOf(value)})`);
  return names.length === 0 ? "exports nothing" : `exports ${names.join(", ")}`;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "function") return "fn" in value ? "a task" : "a function";
  return value instanceof Promise ? "a promise" : typeof value;
}

const listOf = (found: readonly FoundFlow[]): string =>
  found.map(({ exportName, flow }) => `${exportName} ("${flow.name}")`).join(", ");
