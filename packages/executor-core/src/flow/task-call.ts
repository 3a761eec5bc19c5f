// Owns: what a call of a task makes of its arguments: a node, its edges, and the ref of its result.
// Does not own: the trees of its arguments (`argument-trees`), the handle (`task`).

import { EDGE, type EdgeInput } from "../graph/flow-graph.js";
import type { GraphTree } from "../work/value-tree.js";
import { PairedRef } from "./annotations.js";
import { argumentTrees, mappedTrees } from "./argument-trees.js";
import { type Build, ongoingBuild } from "./build.js";
import { FlowError } from "./flow-error.js";
import { addEdges, treeOf } from "./inputs.js";
import { NodeLiterals } from "./literal.js";
import { FORM, NODE, NodeRef, needNodeRef } from "./node-ref.js";
import { pickNode } from "./parts.js";
import type { TaskDefinition } from "./task-definition.js";

/** A definition and what a handle says of one node only. */
export class TaskSite {
  readonly definition: TaskDefinition;
  readonly slug: string | undefined;
  readonly upstream: readonly unknown[];

  constructor(definition: TaskDefinition, slug: string | undefined, upstream: readonly unknown[]) {
    this.definition = definition;
    this.slug = slug;
    this.upstream = upstream;
  }
}

/** The ref of the result, or with `nout` one for each position. */
export function callTask(site: TaskSite, args: readonly unknown[]): NodeRef | readonly NodeRef[] {
  const build = buildFor(site);
  const { name, nout } = site.definition.facts;
  const trees = argumentTrees(new NodeLiterals(build), name, args);
  const result = addTask(build, site, trees, false);
  if (nout === undefined) return result;
  return Array.from({ length: nout }, (_, i) => pickNode(build, treeOf(result), { kind: "inline", value: i }));
}

export function mapTask(site: TaskSite, args: readonly unknown[]): NodeRef {
  const build = buildFor(site);
  const trees = mappedTrees(new NodeLiterals(build), site.definition.facts.name, args);
  return addTask(build, site, trees, true);
}

function buildFor(site: TaskSite): Build {
  const { name } = site.definition.facts;
  const build = ongoingBuild(() => `the task "${name}"`);
  if (build !== undefined) return build;
  throw new FlowError(
    "TASK_OUTSIDE_FLOW",
    `the task "${name}" was called outside a flow. Call its plain function with .fn(...), or call the task in the function that is given to flow(...)`,
  );
}

function addTask(build: Build, site: TaskSite, trees: readonly GraphTree[], isMapped: boolean): NodeRef {
  const edges: EdgeInput[] = [];
  for (const tree of trees) addEdges(tree, edges);
  if (site.upstream.length > 0) addUpstream(build, site, isMapped, edges);
  const spec = site.definition.spec(build.ambient, isMapped);
  return new NodeRef(build, build.addNode(spec, trees, edges, site.slug));
}

function addUpstream(build: Build, site: TaskSite, isMapped: boolean, edges: EdgeInput[]): void {
  const place = `upstream of "${site.definition.facts.name}"`;
  for (const item of site.upstream) {
    const isPaired = item instanceof PairedRef;
    if (isPaired && !isMapped) {
      const why = "holds mapped(...), and only a mapped call has children to pair: give the ref itself, or call .map";
      throw new FlowError("MISPLACED_ANNOTATION", `${place} ${why}`);
    }
    const ref = build.own(needNodeRef(isPaired ? item.value : item, place));
    if (ref[FORM] !== "plain") {
      const why = `holds ${ref[FORM]}(...), but only waits and takes no value: give the ref itself, with a trigger`;
      throw new FlowError("MISPLACED_ANNOTATION", `${place} ${why}`);
    }
    edges.push({ from: ref[NODE], flags: isPaired ? EDGE.mapped : 0 });
  }
}
