// Owns: asking about a value that was not known when it was needed.

import { nodeId } from "../work/ids.js";
import type { RunTree } from "../work/value-tree.js";
import { sendAsk } from "./asking.js";
import { FLAG } from "./node-page.js";
import type { RunState } from "./run-state.js";
import { hold } from "./value-lifetime.js";

/** Asks whether the tree is truthy, and `=== equals`. */
export function askProbe(s: RunState, node: number, tree: RunTree, equals: unknown): void {
  s.setFlag(node, FLAG.asking);
  sendAsk(s, { for: "case", node: nodeId(node), tree, probe: { equals: { value: equals } } });
}

/** Asks for the length of a node's value; `node` is decided again at the answer. */
export function askLength(s: RunState, node: number, of: number, tree: RunTree): void {
  s.setFlag(node, FLAG.asking);
  hold(s, of);
  sendAsk(s, { for: "width", node: nodeId(node), of: nodeId(of), tree });
}
