// Owns: what works have in common (W1 in `work/work`): one template for all nodes of a spec with as many arguments, one
// for each map.

import { slugPrefixOf, type TaskSpec } from "../graph/node-spec.js";
import { type NodeId, templateId } from "../work/ids.js";
import type { GraphTree, SentTree } from "../work/value-tree.js";
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
  // Named again where a value has another name: a template with an old one would come back for ever.
  if (map.template !== undefined && map.renamesSeen === s.lineage.renames) return map.template;
  map.renamesSeen = s.lineage.renames;
  const slots: (MapRecord | NodeId)[] = [];
  const args = s.graph.args(map.shape.node).map((arg): SentTree => {
    const settled = settledUpstream(s, map, arg);
    if (settled === undefined) return named(s, resolve(s, arg));
    slots.push(settled);
    return { kind: "slot", slot: slots.length - 1 };
  });
  map.slots = slots;
  map.template = makeTemplate(s, map.spec, args);
  return map.template;
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
