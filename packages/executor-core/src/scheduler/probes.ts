// Owns: asking about a value that was not known when it was needed. While a question is open, what it is about is held.

import { nodeId } from "../work/ids.js";
import type { RunTree } from "../work/value-tree.js";
import { FLAG } from "./node-page.js";
import { named } from "./resolve.js";
import type { RunState } from "./run-state.js";
import { hold } from "./value-lifetime.js";

/** Asks whether the tree is truthy, and `=== equals`. */
export function askProbe(s: RunState, node: number, tree: RunTree, equals: unknown): void {
  s.setFlag(node, FLAG.asking);
  const id = s.asks.add({ for: "case", node: nodeId(node) });
  const ask = {
    run: s.facts.id,
    id,
    tree: named(s, tree),
    kind: "probe",
    probe: { equals: { value: equals } },
  } as const;
  s.effects.push({ kind: "ask", ask, fetch: undefined });
}

/** Asks for the length of a node's value; `node` is decided again at the answer. */
export function askLength(s: RunState, node: number, of: number, tree: RunTree): void {
  s.setFlag(node, FLAG.asking);
  hold(s, of);
  const id = s.asks.add({ for: "width", node: nodeId(node), of: nodeId(of) });
  s.effects.push({
    kind: "ask",
    ask: { run: s.facts.id, id, tree: named(s, tree), kind: "probe", probe: {} },
    fetch: undefined,
  });
}
