// Owns: comparing what a client knows of a run's states with what its scheduler knows.

import { failureOf, type FlowGraph, nodeId, type StateTable } from "@millrace/core/seam";
import type { ClientLink } from "@millrace/distributed/seam";

/** But for what the client has let go of. */
export function tableDifferences(graph: FlowGraph, scheduler: StateTable, link: ClientLink): readonly string[] {
  const client = link.states;
  const found: string[] = [];
  const compare = (node: number, index: number | undefined): void => {
    const [row, other] = [scheduler.rowOf(nodeId(node), index), client.rowOf(nodeId(node), index)];
    const name = index === undefined ? graph.slug(node) : `${graph.slug(node)}[${index}]`;
    if (row === undefined || other === undefined) {
      if (row !== other) found.push(`${name} is known to one of client and scheduler alone`);
      return;
    }
    const [is, told] = [endOf(graph, scheduler, row), endOf(graph, client, other)];
    if (is !== told) found.push(`${name} is ${is}, and its client was told ${told}`);
  };
  for (let node = 0; node < graph.size; node++) {
    if (link.hasLetGo(nodeId(node))) continue;
    compare(node, undefined);
    const width = scheduler.maps.get(node)?.width;
    if (width !== client.maps.get(node)?.width) found.push(`${graph.slug(node)} has another width for its client`);
    for (let index = 0; index < (width ?? 0); index++) compare(node, index);
  }
  return found;
}

function endOf(graph: FlowGraph, table: StateTable, row: number): string {
  const { name, message, code } = failureOf(table, graph, row) ?? {};
  return JSON.stringify([table.state(row), name, message, code, table.skips.get(row)]);
}
