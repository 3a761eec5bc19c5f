// Owns: the graph of a pool, which grows by submits, and what futures become in the arguments of one.
// Does not own: when nodes reach the run (`pool-run`).

import { FlowGraph } from "../graph/flow-graph.js";
import type { TaskSpec } from "../graph/node-spec.js";
import type { NodeId } from "../work/ids.js";
import { metaOf } from "../work/value-meta.js";
import type { GraphTree } from "../work/value-tree.js";
import { FutureHandle, type FutureOwner } from "./future.js";
import { addEdges, edgesOf } from "./inputs.js";
import type { ArgumentLiterals, Place } from "./literal.js";
import { asNodeRef } from "./node-ref.js";
import { PoolError } from "./pool-errors.js";
import { refuseAsArgument } from "./refused.js";
import { LIST, StructureSpecs } from "./structure-specs.js";

type Edges = ReturnType<typeof edgesOf>;
const NO_EDGES: Edges = [];

export class PoolGraph implements ArgumentLiterals {
  readonly nodes = new FlowGraph();
  private readonly specs = new StructureSpecs();
  private readonly owner: FutureOwner;

  constructor(owner: FutureOwner) {
    this.owner = owner;
  }

  addTask(spec: TaskSpec, trees: readonly GraphTree[], slug: string | undefined): NodeId {
    if (trees.length === 0) return this.nodes.addNode(spec, trees, NO_EDGES, slug);
    const edges: Edges = [];
    for (const tree of trees) addEdges(tree, edges);
    return this.nodes.addNode(spec, trees, edges, slug);
  }

  ref(value: object): GraphTree | undefined {
    if (!(value instanceof FutureHandle)) return undefined;
    if (value.owner === this.owner) return { kind: "ref", ref: value.node };
    throw new PoolError(
      "FOREIGN_FUTURE",
      `the future of ${value.owner.slugOf(value.node)} belongs to another pool: await it and pass the value`,
    );
  }

  list(items: readonly GraphTree[]): GraphTree {
    return { kind: "ref", ref: this.nodes.addNode(LIST, items, edgesOf(items)) };
  }

  record(keys: readonly string[], items: readonly GraphTree[]): GraphTree {
    return { kind: "ref", ref: this.nodes.addNode(this.specs.record(keys), items, edgesOf(items)) };
  }

  constant(value: unknown): GraphTree {
    return { kind: "ref", ref: this.nodes.addNode(this.specs.constant(metaOf(value)), [{ kind: "inline", value }]) };
  }

  refuse(value: object, where: Place): void {
    if (asNodeRef(value) !== undefined) {
      const why = "is a ref, which stands for a result inside a flow: submit the task, and pass its future";
      throw new PoolError("REF_AS_ARGUMENT", `${where()} ${why}`);
    }
    if ("then" in value && typeof value.then === "function") {
      const why = "is a plain promise, not a future (an async function makes one of the future it returns)";
      throw new PoolError(
        "PROMISE_AS_ARGUMENT",
        `${where()} ${why}: pass the future itself, or await the promise first`,
      );
    }
    if (
      (value instanceof Map || value instanceof Set) &&
      [...value.values()].some((item) => item instanceof FutureHandle)
    ) {
      const why = "holds a future in a Map or a Set, where none is looked for: pass an array or a plain object";
      throw new PoolError("FUTURE_OUT_OF_REACH", `${where()} ${why}`);
    }
    refuseAsArgument(value, where);
  }
}
