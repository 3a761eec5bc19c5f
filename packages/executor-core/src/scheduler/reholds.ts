// Owns: holding again what a remake reads, from its first want to its end. What was let go meanwhile counts as lost.
// Does not own: holds of consumers (`value-lifetime`), whose rules these follow: L1 for nodes, L2 for children.

import { EDGE } from "../graph/flow-graph.js";
import { PAGE_MASK } from "../work/ids.js";
import { STATE } from "../work/kinds.js";
import { InternalError } from "../work/millrace-error.js";
import { addLostRow } from "./given-back.js";
import type { MapRecord } from "./map-record.js";
import { FLAG } from "./node-page.js";
import type { RunState } from "./run-state.js";
import { hold, isFirstMapped, throughWith, unhold } from "./value-lifetime.js";

export function holdInputsAgain(s: RunState, row: number): void {
  eachInput(
    s,
    row,
    (from) => holdAgain(s, from),
    (map, index) => holdChildAgain(s, map, index),
  );
}

export function letInputsGo(s: RunState, row: number): void {
  eachInput(
    s,
    row,
    (from) => unhold(s, from),
    (map, index) => throughWith(s, map, index),
  );
}

function eachInput(
  s: RunState,
  row: number,
  ofNode: (from: number) => void,
  ofChild: (map: MapRecord, index: number) => void,
): void {
  const shape = s.table.mapOfRow(row);
  const node = shape?.node ?? row;
  for (let edge = s.graph.inFirst(node); edge < s.graph.inEnd(node); edge++) {
    const flags = s.graph.flags(edge);
    if ((flags & EDGE.data) === 0) continue;
    const from = s.graph.from(edge);
    const map = shape !== undefined && (flags & EDGE.mapped) !== 0 ? s.maps.get(from) : undefined;
    if (map === undefined) ofNode(from);
    else if (isFirstMapped(s, node, edge)) ofChild(map, row - (shape?.first ?? 0));
  }
}

/** Structure that had let go of what it stands for holds it again, and so on; a loop, since a flow is as deep as it likes. */
function holdAgain(s: RunState, first: number): void {
  const open = [first];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const wasFree = (s.nodePage(node).holds[node & PAGE_MASK] ?? 0) === 0;
    hold(s, node);
    if (!wasFree) continue;
    const map = s.maps.get(node);
    if (map !== undefined) for (let i = 0; i < map.width; i++) takeBackChild(s, map, map.shape.first + i);
    if ((s.flags(node) & FLAG.released) === 0) continue;
    s.clearFlag(node, FLAG.released);
    if (s.graph.spec(node).kind !== "task") {
      s.clearFlag(node, FLAG.letGo);
      for (let edge = s.graph.inFirst(node); edge < s.graph.inEnd(node); edge++)
        if ((s.graph.flags(edge) & EDGE.data) !== 0) open.push(s.graph.from(edge));
    } else if (map === undefined && s.table.state(node) === STATE.Success) addLostRow(s, node);
  }
}

function holdChildAgain(s: RunState, map: MapRecord, index: number): void {
  const row = map.shape.first + index;
  const { done } = s.childPage(row);
  const at = row & PAGE_MASK;
  if ((done[at] ?? 0) === 0) throw new InternalError(`${s.rowName(row)} is still held by all that is mapped over it`);
  done[at] = (done[at] ?? 0) - 1;
  takeBackChild(s, map, row);
}

/** What was let go, and its place in the tally of its page. */
function takeBackChild(s: RunState, map: MapRecord, row: number): void {
  const page = s.childPage(row);
  const at = row & PAGE_MASK;
  if (((page.flags[at] ?? 0) & FLAG.released) === 0) return;
  page.flags[at] = (page.flags[at] ?? 0) & ~FLAG.released;
  page.free--;
  map.freed--;
  if (s.table.state(row) === STATE.Success) addLostRow(s, row);
}
