// Owns: the link to a run of the hostile executor: what it gives of values that were let go is a copy.

import type {
  Change,
  Explanation,
  GraphChunk,
  GraphTree,
  NodeId,
  RunLink,
  RunRequest,
  StateTable,
  TaskProgress,
  ValueReader,
  WorkId,
} from "@millrace/core/seam";
import type { FlowState } from "@millrace/core";
import type { CheckedRuns } from "./checked-runs.js";
import type { HostileValues } from "./hostile-values.js";

type Parts = { readonly checks: CheckedRuns; readonly values: HostileValues; readonly keepNothing: boolean };

export class HostileLink implements RunLink {
  readonly opened: Promise<void>;
  readonly done: Promise<FlowState>;
  private readonly link: RunLink;
  private readonly request: RunRequest;
  private readonly parts: Parts;

  constructor(link: RunLink, request: RunRequest, parts: Parts) {
    this.link = link;
    this.request = request;
    this.parts = parts;
    this.opened = link.opened;
    this.done = link.done;
  }

  get states(): StateTable {
    return this.link.states;
  }

  put(node: NodeId, value: unknown): void {
    this.link.put(node, value);
  }

  extend(chunk: GraphChunk): void {
    if (this.request.keepResults === "held") this.parts.checks.record(this.request.id, chunk);
    else if (this.parts.keepNothing) this.keepMerged(chunk);
    this.link.extend(chunk);
  }

  /** Structure is kept, so that what tests read of it can be read. */
  private keepMerged({ graph, end }: GraphChunk): void {
    const keep: NodeId[] = [];
    for (let node = 0; node < end; node++) {
      const edge = graph.inFirst(node);
      if (graph.spec(node).kind === "merge" && edge >= 0) keep.push(graph.to(edge));
    }
    this.link.handlesChanged(keep, []);
  }

  handlesChanged(keep: readonly NodeId[], forget: readonly NodeId[]): void {
    this.link.handlesChanged(keep, forget);
  }

  fetch(tree: GraphTree, index?: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.read(tree, index, { resolve, reject }));
  }

  read(tree: GraphTree, index: number | undefined, reader: ValueReader): void {
    if (!this.parts.keepNothing) return this.link.read(tree, index, reader);
    this.link.read(tree, index, {
      resolve: (value) => reader.resolve(value),
      reject: (error) => {
        if (Reflect.get(Object(error), "code") === "RESULT_RELEASED") reader.resolve(this.remembered(tree, index));
        else reader.reject(error);
      },
    });
  }

  private remembered(tree: GraphTree, index: number | undefined): unknown {
    const { ever } = this.parts.values;
    const node = tree.kind === "ref" ? tree.ref : -1;
    const map = this.states.maps.get(node);
    if (map === undefined) return ever.get(node);
    if (index !== undefined) return ever.get(map.first + index);
    return Array.from({ length: map.width }, (_, i) => ever.get(map.first + i));
  }

  cancel(reason: string, only?: readonly NodeId[]): void {
    this.link.cancel(reason, only);
  }

  progress(): readonly TaskProgress[] {
    return this.link.progress();
  }

  explain(node: NodeId, index?: number): Promise<Explanation> {
    return this.link.explain(node, index);
  }

  onChanges(listener: (changes: readonly Change[]) => void): () => void {
    return this.link.onChanges(listener);
  }

  onEnds(listener: (nodes: readonly NodeId[]) => void): () => void {
    return this.link.onEnds(listener);
  }

  waitsInside(work: WorkId): () => void {
    return this.link.waitsInside(work);
  }

  abandon(): void {
    this.link.abandon();
  }

  close(): void {
    this.link.close();
  }
}
