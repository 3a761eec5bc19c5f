// Owns: what works have in common (W1 in `work/work`): one template for all nodes of a spec with as many arguments, one
// for each map.

import { slugPrefixOf, type TaskSpec } from "../graph/node-spec.js";
import { type NodeId, type TaskRunId, templateId } from "../work/ids.js";
import { eachValueName } from "../work/value-names.js";
import type { Children, GraphTree, RunTree, SentTree } from "../work/value-tree.js";
import type { WorkTemplate } from "../work/work.js";
import type { MapRecord } from "./map-record.js";
import { named, resolve } from "./resolve.js";
import type { RunState } from "./run-state.js";

/** Every argument is a slot. */
export function templateOfNode(s: RunState, node: number, spec: TaskSpec): WorkTemplate {
  const specId = s.graph.specId(node);
  let byCount = s.templates[specId];
  if (byCount === undefined) {
    byCount = [];
    s.templates[specId] = byCount;
  }
  const count = s.graph.args(node).length;
  let template = byCount[count];
  if (template === undefined) {
    const args = Array.from({ length: count }, (_, slot): SentTree => ({ kind: "slot", slot }));
    template = makeTemplate(s, spec, args);
    byCount[count] = template;
  }
  return template;
}

/** Arguments are shared by all children, but for settled children and items: what became of each is a slot. */
export function templateOfMap(s: RunState, map: MapRecord): WorkTemplate {
  if (map.template !== undefined && areNamesRight(s, map)) return map.template;
  map.renamesSeen = s.lineage.renames;
  const names = new Map<number | MapRecord, number>();
  const slots: (MapRecord | NodeId)[] = [];
  const args = s.graph.args(map.shape.node).map((arg): SentTree => {
    const settled = settledUpstream(s, map, arg);
    if (settled === undefined) return namedForAll(s, map, resolve(s, arg), names);
    slots.push(settled);
    return { kind: "slot", slot: slots.length - 1 };
  });
  map.slots = slots;
  map.names = names;
  map.template = makeTemplate(s, map.spec, args);
  return map.template;
}

/** Where a value has another name a template has to be made anew: with an old one its works would come back for ever. */
function areNamesRight(s: RunState, map: MapRecord): boolean {
  if (map.renamesSeen === s.lineage.renames) return true;
  for (const [of, name] of map.names) if (name !== (typeof of === "number" ? s.attempt(of) : of.renamed)) return false;
  map.renamesSeen = s.lineage.renames;
  return true;
}

/** None of a map's children that have no value, which are named by themselves. */
const ANY_ELEMENT = Number.POSITIVE_INFINITY;

/** Adds to `names` what it names by attempt. */
function namedForAll(s: RunState, map: MapRecord, tree: RunTree, names: Map<number | MapRecord, number>): SentTree {
  // Elements of a map that it goes through are named work by work: else each value made again would make a template.
  if (tree.kind === "element" && isThrough(map, tree.of)) return named(s, tree, true);
  const addMap = ({ first }: Children<TaskRunId>): void => {
    const upstream = s.mapOf(first);
    if (upstream !== undefined) names.set(upstream, upstream.renamed);
  };
  eachValueName(tree, ANY_ELEMENT, { name: (row) => names.set(row, s.attempt(row)), child: addMap, range: addMap });
  return named(s, tree);
}

function isThrough(map: MapRecord, list: RunTree): boolean {
  const of = list.kind === "settledEach" ? list.of : list;
  return of.kind === "children" && map.through.some((through) => through.map.shape.first === of.first);
}

function settledUpstream(s: RunState, map: MapRecord, arg: GraphTree): MapRecord | NodeId | undefined {
  if (arg.kind !== "element") return undefined;
  if (arg.of.kind === "ref") return map.lists.includes(arg.of.ref) ? arg.of.ref : undefined;
  return arg.of.kind === "settledEach" && arg.of.of.kind === "ref" ? s.maps.get(arg.of.of.ref) : undefined;
}

function makeTemplate(s: RunState, spec: TaskSpec, args: readonly SentTree[]): WorkTemplate {
  const { name, tags, retry, timeoutMs, rerun, needs, priority, fn, made } = spec;
  const id = templateId(s.templateCount++);
  return { id, name, tags, slugPrefix: slugPrefixOf(spec), args, retry, timeoutMs, rerun, needs, priority, fn, made };
}
