// Owns: what becomes of a map's parent: skipped, failed, or Mapped with a width (MAP-2, MAP-3), and how its children
// start.
// M1. The parent waits for parents behind map-through edges and for completion behind all others; it never judges the
//     task's trigger: its children do.

import { EDGE } from "../graph/flow-graph.js";
import type { TaskSpec } from "../graph/node-spec.js";
import type { FailureData } from "../work/failure-data.js";
import { CHILD_BASE, CHILD_PAGES_MAX, type NodeId, nodeId, PAGE_ROWS, taskRunId } from "../work/ids.js";
import { isFailure, STATE } from "../work/kinds.js";
import type { ValueMeta } from "../work/value-meta.js";
import { startChildren } from "./children.js";
import { MapRecord } from "./map-record.js";
import { isOpenList } from "./open-lists.js";
import { recheckPipelines } from "./pipelines.js";
import { askLength } from "./probes.js";
import { treeOf } from "./resolve.js";
import type { RunState } from "./run-state.js";
import { completeNode, endNode, failNode, satisfyOut } from "./endings.js";
import { addEdge, addState, UpstreamView } from "./upstream.js";
import { moveHoldsToChildren } from "./value-lifetime.js";

export function expandMap(s: RunState, node: number, spec: TaskSpec): void {
  const found = measure(s, node, spec);
  if (found === "asked") return;
  if (found === "skipped") return endNode(s, node, STATE.Skipped);
  if (typeof found !== "number") return failNode(s, node, found);
  const pages = Math.max(1, Math.ceil(found / PAGE_ROWS));
  if (s.childPagesTaken + pages > CHILD_PAGES_MAX) return failNode(s, node, TOO_MANY);
  const first = taskRunId(CHILD_BASE + s.takeChildPages(found) * PAGE_ROWS);
  const shape = { node: nodeId(node), first, width: found, unmade: STATE.Pending };
  const map = new MapRecord(shape, spec, s.graph.depth(node));
  s.transition(node, STATE.Mapped);
  s.table.addMap(shape);
  s.maps.set(node, map);
  connect(s, node, map);
  moveHoldsToChildren(s, map);
  const edge = s.graph.outEdge(node);
  if (edge >= 0) satisfyOut(s, edge, "through");
  for (const limited of map.limited) if (limited !== map) recheckPipelines(s, limited);
  if (found === 0) completeNode(s, node);
  else startChildren(s, map);
}

const TOO_MANY: FailureData = {
  name: "TooManyChildren",
  code: "TOO_MANY_CHILDREN",
  message: `a run has room for ${CHILD_PAGES_MAX} maps of up to ${PAGE_ROWS} children (a wider one counts by ${PAGE_ROWS}): map over chunks`,
};

/** The width, or why there is none. */
function measure(s: RunState, node: number, spec: TaskSpec): number | "asked" | "skipped" | FailureData {
  const view = new UpstreamView();
  let width = Number.POSITIVE_INFINITY;
  let asked = false;
  let unmappable = -1;
  for (let edge = s.graph.inFirst(node); edge < s.graph.inEnd(node); edge++) {
    const from = s.graph.from(edge);
    const flags = s.graph.flags(edge);
    if ((flags & EDGE.mapped) === 0) addEdge(s, view, edge, spec);
    const settled = (flags & EDGE.settled) !== 0;
    const state = s.table.state(from);
    if (state === STATE.Skipped && !(settled && spec.skipOnUpstreamSkip === undefined)) view.skipped = true;
    if ((flags & EDGE.mapped) === 0 || isFailure(state) || state === STATE.Cancelled) continue;
    if (state === STATE.Skipped && settled) continue;
    const length = lengthOf(s, from);
    if (length === undefined) {
      askLength(s, node, from, treeOf(s, from));
      asked = true;
    } else if (length < 0) unmappable = from;
    else width = Math.min(width, length);
  }
  if (view.skipped && spec.skipOnUpstreamSkip !== false) return asked ? "asked" : "skipped";
  if (asked) return "asked";
  if (unmappable >= 0) return notAList(s, node, unmappable);
  return width === Number.POSITIVE_INFINITY ? nothingToMap(s, node) : width;
}

/** -1: no list; undefined: not known yet. */
function lengthOf(s: RunState, node: number): number | undefined {
  const map = s.maps.get(node);
  if (map !== undefined) return map.width;
  if (isOpenList(s.graph, node)) return s.graph.args(node).length;
  if (s.table.state(node) === STATE.Skipped) return -1;
  const meta: ValueMeta | undefined = s.metaOf(node);
  return meta?.length;
}

function nothingToMap(s: RunState, node: number): FailureData {
  const message = `no list that "${s.graph.slug(node)}" is mapped over was successful, so there is nothing to map`;
  return { name: "NothingToMap", code: "NOTHING_TO_MAP", message };
}

function notAList(s: RunState, node: number, from: number): FailureData {
  const what = s.table.state(from) === STATE.Skipped ? "was skipped and gave no list" : "did not give a list";
  const message = `"${s.graph.slug(node)}" is mapped over "${s.graph.slug(from)}", which ${what}: return an array there, or wrap it in unmapped()`;
  return { name: "NotAList", code: "NOT_A_LIST", message };
}

function followList(s: RunState, list: NodeId, map: MapRecord): void {
  map.lists.push(list);
  const followers = s.openLists.get(list);
  if (followers === undefined) s.openLists.set(list, [map]);
  else if (followers.at(-1) !== map) followers.push(map);
}

/** What all children see alike, whom they wait for one by one, and whose pipelines they are a stage of. */
function connect(s: RunState, node: number, map: MapRecord): void {
  const view = new UpstreamView();
  for (let edge = s.graph.inFirst(node); edge < s.graph.inEnd(node); edge++) {
    const flags = s.graph.flags(edge);
    const upstream = (flags & EDGE.mapped) !== 0 ? s.maps.get(s.graph.from(edge)) : undefined;
    if (upstream === undefined && (flags & EDGE.mapped) !== 0 && isOpenList(s.graph, s.graph.from(edge))) {
      addState(view, s.graph.from(edge), flags, STATE.Success, map.spec);
      followList(s, s.graph.from(edge), map);
      continue;
    }
    if (upstream === undefined) {
      addEdge(s, view, edge, map.spec);
      continue;
    }
    map.through.push({ map: upstream, flags });
    if (upstream.followers.at(-1) === map) continue;
    upstream.followers.push(map);
    for (const limited of upstream.limited) if (!map.limited.includes(limited)) map.limited.push(limited);
  }
  map.base.copy(view.tally);
  map.baseSkipped = view.skipped;
  map.noValue = view.noValue;
  if (map.isRoot && map.spec.maxOpenPipelines !== undefined) {
    map.limited.push(map);
    s.limitedMaps.push(map);
  }
}
