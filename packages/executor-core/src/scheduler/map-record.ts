// Owns: all that a map is while its children come and go: cursor, ready children, tallies, who is mapped over it.
// M1. done = success + failed + skipped + cancelled <= width; the map is complete when done = width.
// M2. Children below `cursor` are made or were never ready; a root map makes one for each free slot (D9).
// M3. Children of other maps become ready one by one: those below `scan` by the events of the maps they wait for, the
//     others when the scan reaches them.

import type { TaskSpec } from "../graph/node-spec.js";
import { Tally } from "../states/triggers.js";
import type { MapShape } from "../states/state-table.js";
import type { NodeId } from "../work/ids.js";
import type { WorkTemplate } from "../work/work.js";
import { BitTree } from "./bit-tree.js";

/** A map whose child i the child i of this one waits for. */
export type Through = { readonly map: MapRecord; readonly flags: number };

export class MapRecord {
  readonly shape: MapShape;
  readonly spec: TaskSpec;
  readonly depth: number;
  /** Upstream states that are the same for every child. */
  readonly base = new Tally();
  /** Some upstream that all children share is Skipped. */
  baseSkipped = false;
  /** A node that all children share and that has no value for a plain edge, or -1. */
  noValue = -1;
  readonly through: Through[] = [];
  /** Lists of settled refs whose item i the child i waits for. */
  readonly lists: NodeId[] = [];
  /** Maps over this one that have expanded. */
  readonly followers: MapRecord[] = [];
  /** Root maps with `maxOpenPipelines` that this one is a stage of. */
  readonly limited: MapRecord[] = [];
  /** Elements that have begun and are not through all stages. */
  readonly openPipelines = new Set<number>();
  /** Stages that can only expand when this root map has ended, once worked out. */
  readonly barriers = new Map<number, boolean>();
  cursor = 0;
  scan = 0;
  /** Children to dispatch that are not behind the cursor. */
  ready: BitTree | undefined;
  running = 0;
  success = 0;
  failed = 0;
  skipped = 0;
  cancelled = 0;
  /** It was cancelled by itself: nothing more is sent, and what runs counts as cancelled. */
  cancelling = false;
  /** Something that its children share is lost, and being made again. */
  waiting = false;
  /** What of `lineage` was looked at, when its inputs were found to be there. */
  lossesSeen = 0;
  template: WorkTemplate | undefined;
  /** Those names: values by row, with their attempts, and maps with what their `renamed` was. */
  names: ReadonlyMap<number | MapRecord, number> = new Map();
  /** What of `lineage` was looked at, when its template's names were found to hold. */
  renamesSeen = 0;
  /** By how many values made again `attempts` has changed. */
  renamed = 0;
  /** Whose children or items are settled arguments, slot by slot: what became of each is written in when it is sent. */
  slots: readonly (MapRecord | NodeId)[] = [];
  /** By index, attempts of accepted values that are not 1. */
  readonly attempts = new Map<number, number>();
  /** Maps over this one, expanded or not, that hold its children one by one. */
  holders = 0;
  /** Children whose values nobody holds any more. */
  freed = 0;

  constructor(shape: MapShape, spec: TaskSpec, depth: number) {
    this.shape = shape;
    this.spec = spec;
    this.depth = depth;
  }

  get width(): number {
    return this.shape.width;
  }

  get done(): number {
    return this.success + this.failed + this.skipped + this.cancelled;
  }

  get isRoot(): boolean {
    return this.through.length === 0 && this.lists.length === 0;
  }

  markReady(index: number): void {
    this.ready ??= new BitTree(this.width);
    this.ready.add(index);
  }

  /** Whether a child may be sent now. */
  get hasNext(): boolean {
    if (this.isBusy) return false;
    return (this.ready?.size ?? 0) > 0 || (this.canBegin && !this.pipelinesFull);
  }

  /** The child to send next, which counts as running from here on, or -1. `force` opens one more pipeline than allowed. */
  takeNext(force = false): number {
    if (this.isBusy) return -1;
    const ready = this.ready?.least() ?? -1;
    if (ready < 0 && (!this.canBegin || (this.pipelinesFull && !force))) return -1;
    this.running++;
    if (ready >= 0) {
      this.ready?.delete(ready);
      return ready;
    }
    if (this.spec.maxOpenPipelines !== undefined) this.openPipelines.add(this.cursor);
    return this.cursor++;
  }

  /** How many children that were never sent may be sent at once, from `cursor` on, as nothing tells them apart. */
  get plainLeft(): number {
    const { maxConcurrency, maxOpenPipelines } = this.spec;
    const isLimited = maxConcurrency !== undefined || maxOpenPipelines !== undefined || this.cancelling || this.waiting;
    if (isLimited || !this.isRoot || (this.ready?.size ?? 0) > 0) return 0;
    return this.width - this.cursor;
  }

  /** So many of them, which count as running from here on: the first one's index. */
  takeRange(count: number): number {
    const first = this.cursor;
    this.running += count;
    this.cursor += count;
    return first;
  }

  /** As many run as `maxConcurrency` lets, or none may. */
  private get isBusy(): boolean {
    if (this.cancelling || this.waiting) return true;
    const most = this.spec.maxConcurrency;
    return most !== undefined && this.running >= most;
  }

  /** A root map has children that were never made. */
  get canBegin(): boolean {
    return this.isRoot && this.cursor < this.width;
  }

  get pipelinesFull(): boolean {
    const most = this.spec.maxOpenPipelines;
    return most !== undefined && this.openPipelines.size >= most;
  }
}
