// Owns: the elements of a mapped future one by one: in the order of the list, each as soon as it is there.
// E1. An element without a value throws what says why, and ends the walk.

import type { FlowGraph } from "../graph/flow-graph.js";
import type { RunLink } from "../run/executor.js";
import { type NodeId, runOfNode } from "../work/ids.js";
import { hasValue, isTerminal } from "../work/kinds.js";
import { errorOfRow } from "./future-ends.js";

/** The run that the future belongs to. */
export interface ElementSource {
  readonly link: RunLink;
  readonly graph: FlowGraph;
  /** When anything has changed; rejects where nothing will. */
  nextChange(): Promise<void>;
}

export async function* elementsOf(run: ElementSource, node: NodeId): AsyncGenerator<unknown, void> {
  const { states } = run.link;
  for (let index = 0; ; index++) {
    let row = states.rowOf(node, index);
    while (!isTerminal(states.state(row ?? node))) {
      await run.nextChange();
      row = states.rowOf(node, index);
    }
    if (!hasValue(states.state(row ?? node))) throw errorOfRow(states, run.graph, row ?? runOfNode(node));
    // Mapped, and the list is shorter.
    if (row === undefined) return;
    yield await run.link.fetch({ kind: "ref", ref: node }, index);
  }
}
