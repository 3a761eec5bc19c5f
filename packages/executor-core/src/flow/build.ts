// Owns: one run of a flow's function: the graph that grows, the open branch and the tags that calls stand in, and which
//       build goes on at the moment.
// Does not own: what a call means (`task-call`, `parts`), branches (`branches`), the finished plan (`blueprint`).
// B1. At most one flow is built at a time, and its function is synchronous: the current build is one variable.
// B2. A node made in a branch hangs on the branch's case, by its first edge, unless an upstream node of it was made in
//     the same branch. Parameters and constants never do, and so do not count as made there (CASE-1).
// B3. Specs are shared objects, so that the graph interns them.

import { EDGE, type EdgeInput, FlowGraph } from "../graph/flow-graph.js";
import type { NodeSpec, StructureSpec } from "../graph/node-spec.js";
import type { NodeId } from "../work/ids.js";
import { metaOf } from "../work/value-meta.js";
import type { GraphTree } from "../work/value-tree.js";
import { copies, twoCopies } from "./copies.js";
import { FlowError } from "./flow-error.js";
import { NODE, type NodeRef, OWNER, type RefOwner } from "./node-ref.js";
import { StructureSpecs } from "./structure-specs.js";

/** Nodes from `first` on were made in the branch of this case, or in one inside it. */
type Branch = { readonly case: NodeId; readonly first: number };
/** Tags of the blocks around a call, sorted, and one string that is equal where they are. */
export type AmbientTags = { readonly tags: readonly string[]; readonly key: string };

/** Parts, lists, records, branches one inside the other. */
const NESTING_MAX = 1000;

export class Build implements RefOwner {
  readonly flow: string;
  readonly graph = new FlowGraph();
  ambient: AmbientTags;
  taskCount = 0;
  /** A call that has no place in a flow's function: its error counts also where nobody looks at it (a promise). */
  misuse: FlowError | undefined;
  /** What the function said with `referenceTasks`. */
  references: readonly NodeId[] | undefined;
  private branch: Branch | undefined;
  private readonly nesting = new Map<NodeId, number>();
  private readonly ungated = new Set<number>();
  private readonly specs = new StructureSpecs();

  constructor(flow: string, ambient: AmbientTags) {
    this.flow = flow;
    this.ambient = ambient;
  }

  addNode(spec: NodeSpec, args: readonly GraphTree[], edges: readonly EdgeInput[], slug?: string): NodeId {
    if (spec.kind === "task") {
      this.taskCount++;
      return this.graph.addNode(spec, args, this.gated(edges), slug);
    }
    const nesting = this.nestingOf(spec, edges);
    const node = this.graph.addNode(spec, args, this.gated(edges), slug);
    this.nesting.set(node, nesting);
    return node;
  }

  /** How deep the value of a structure node is nested in others: whoever reads it goes down as far. */
  private nestingOf(spec: NodeSpec, edges: readonly EdgeInput[]): number {
    let deepest = 0;
    for (const { from } of edges) deepest = Math.max(deepest, this.nesting.get(from) ?? 0);
    if (deepest < NESTING_MAX) return deepest + 1;
    throw new FlowError(
      "STRUCTURE_TOO_DEEP",
      `a ${spec.kind} in the flow "${this.flow}" is nested in ${NESTING_MAX} others (pick, merge, lists with refs inside): let a task make the value on the way`,
    );
  }

  /** A parameter or a constant: nothing gates it (B2). */
  addValue(spec: StructureSpec, args: readonly GraphTree[] = []): NodeId {
    const node = this.graph.addNode(spec, args);
    if (this.branch !== undefined) this.ungated.add(node);
    return node;
  }

  addConstant(value: unknown): NodeId {
    return this.addValue(this.specs.constant(metaOf(value)), [{ kind: "inline", value }]);
  }

  addRecord(keys: readonly string[], items: readonly GraphTree[], edges: readonly EdgeInput[]): NodeId {
    return this.addNode(this.specs.record(keys), items, edges);
  }

  /** Runs `body`; what it makes belongs to the branch of `caseNode`. */
  inBranch<R>(caseNode: NodeId, body: () => R): R {
    const outer = this.branch;
    this.branch = { case: caseNode, first: this.graph.size };
    try {
      return body();
    } finally {
      this.branch = outer;
    }
  }

  /** Runs `body`; tasks called in it bear these tags. */
  withTags<R>(ambient: AmbientTags, body: () => R): R {
    const outer = this.ambient;
    this.ambient = ambient;
    try {
      return body();
    } finally {
      this.ambient = outer;
    }
  }

  /** Whether the node was made in the open branch (B2). */
  isOfBranch(node: NodeId): boolean {
    return this.branch !== undefined && node >= this.branch.first && !this.ungated.has(node);
  }

  /** The ref itself, if this build made it; else throws `FOREIGN_REF`. */
  own(ref: NodeRef): NodeRef {
    const owner = ref[OWNER];
    if (owner === this) return ref;
    throw new FlowError(
      "FOREIGN_REF",
      `the result of ${owner.describe(ref[NODE])} was made by another building of the flow "${owner.flow}" and has no place in "${this.flow}". Call the task here, or pass the value as a parameter`,
    );
  }

  describe(node: NodeId): string {
    const spec = this.graph.spec(node);
    if (spec.kind === "task") return spec.name;
    return spec.kind === "parameter" ? `the parameter "${spec.name}"` : `the ${spec.kind} "${this.graph.slug(node)}"`;
  }

  private gated(edges: readonly EdgeInput[]): readonly EdgeInput[] {
    const isGated = (edge: EdgeInput): boolean => (edge.flags & EDGE.gate) !== 0 || this.isOfBranch(edge.from);
    if (this.branch === undefined || edges.some(isGated)) return edges;
    return [{ from: this.branch.case, flags: EDGE.gate }, ...edges];
  }
}

/** The build that goes on, if any. Throws `TWO_COPIES` for another copy's; `what` names the call that wants it. */
export function ongoingBuild(what: () => string): Build | undefined {
  const { building } = copies;
  if (building === undefined || building instanceof Build) return building;
  throw twoCopies(what());
}

/** The same for a call that needs one. */
export function currentBuild(what: string): Build {
  const build = ongoingBuild(() => what);
  if (build !== undefined) return build;
  throw new FlowError(
    "OUTSIDE_FLOW",
    `${what} makes a part of a flow, and no flow is being built: call it in the function that is given to flow(...)`,
  );
}

/** Throws `FLOW_IN_FLOW` while a flow is built: `what` has no place there. */
export function refuseInFlow(what: string): void {
  const { building } = copies;
  if (building === undefined) return;
  const name = building instanceof Build ? `"${building.flow}"` : "another flow";
  const error = new FlowError(
    "FLOW_IN_FLOW",
    `${what} was called while the function of ${name} ran, which only builds a graph. Call it afterwards, or in a task`,
  );
  if (building instanceof Build) building.misuse ??= error;
  throw error;
}

/** Runs a flow's function with `build` as the current one (B1). */
export function whileBuilding<R>(build: Build, fn: () => R): R {
  copies.building = build;
  try {
    return fn();
  } finally {
    copies.building = undefined;
  }
}
