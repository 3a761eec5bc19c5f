// Owns: one run on the hostile executor. It checks the scheduler after every event, that no value is read after its
// release, that none is left over, and that replaying the events gives the same states.

import {
  AttemptContext,
  answer,
  begin as beginAttempt,
  type Change,
  type Effect,
  type EdgeInput,
  type Explanation,
  endedWithError,
  endedWithValue,
  explain,
  FlowGraph,
  FlowScheduler,
  type GraphChunk,
  type GraphTree,
  metaOf,
  type NodeId,
  type OutcomeBatch,
  OutcomeRange,
  ResultMissing,
  ResultReleased,
  type RunLink,
  type RunRequest,
  type SchedulerEvent,
  SingleOutcome,
  stateHash,
  taskRunId,
  validate,
  type ValueReader,
  type WorkBatch,
  WorkRange,
} from "@millrace/core/internal";
import type { FlowState } from "@millrace/core";
import { NamedValues } from "./named-values.js";
import type { SeededRandom } from "./seeded-random.js";

type AskEffect = Extract<Effect, { kind: "ask" }>;
type Pending = { readonly tree: GraphTree; readonly index: number | undefined; readonly reader: ValueReader };

export class HostileRun implements RunLink {
  readonly opened = Promise.resolve();
  readonly done: Promise<FlowState>;
  readonly values = new NamedValues();
  /** A few steps an event, so that whatever can be interrupted is. */
  private readonly scheduler: FlowScheduler;
  private readonly stepsMax: number;
  private readonly events: { readonly event: SchedulerEvent; readonly nowMs: number }[] = [];
  private readonly steps: (() => void | Promise<void>)[] = [];
  private readonly told: OutcomeBatch[] = [];
  private readonly fetches = new Map<number, Pending>();
  private lastFetch = 0;
  private nowMs = 1_000_000;
  private wakeAtMs = Number.POSITIVE_INFINITY;
  private pumping = false;
  private ended = false;
  private finish: (state: FlowState) => void = () => undefined;
  private breakOff: (error: unknown) => void = () => undefined;
  private readonly random: SeededRandom;
  private readonly keepNothing: boolean;
  private readonly onChecked: () => void;
  private readonly keepAll: boolean;
  private readonly ownsGraph: boolean;
  /** Of a graph that the run forgets from: what a journal would have. */
  private readonly recorded = new FlowGraph();
  private handling = false;
  private readonly queue: SchedulerEvent[] = [];

  constructor(request: RunRequest, random: SeededRandom, keepNothing: boolean, onChecked: () => void) {
    this.random = random;
    this.stepsMax = 1 + random.below(6);
    this.scheduler = new FlowScheduler(this.stepsMax);
    this.keepNothing = keepNothing;
    this.onChecked = onChecked;
    this.keepAll = !keepNothing && request.keepResults === "all";
    this.done = new Promise((resolve, reject) => {
      this.finish = resolve;
      this.breakOff = reject;
    });
    this.done.catch(() => undefined);
    const { id, flow, name, parameters, references, returned } = request;
    this.ownsGraph = request.keepResults === "held";
    this.handle({ kind: "started", run: { id, flow, name, parameters }, references, ownsGraph: this.ownsGraph });
    this.handle({ kind: "handlesChanged", keep: this.keepAll ? "all" : returned, forget: [] });
  }

  get states() {
    return this.scheduler.table;
  }

  put(node: NodeId, value: unknown): void {
    this.values.set(node, 0, value);
    this.handle({ kind: "put", node, meta: metaOf(value) });
  }

  extend(chunk: GraphChunk): void {
    if (this.keepNothing) {
      // Structure is kept, so that what tests read of it can be read.
      const keep: NodeId[] = [];
      for (let node = 0; node < chunk.end; node++) {
        const { kind } = chunk.graph.spec(node);
        const edge = chunk.graph.inFirst(node);
        if (kind === "merge" && edge >= 0) keep.push(chunk.graph.to(edge));
      }
      this.handle({ kind: "handlesChanged", keep, forget: [] });
    }
    if (this.ownsGraph) this.record(chunk);
    this.handle({ kind: "graphExtended", chunk });
    this.later(() => this.handle({ kind: "demand", limit: 1 + this.random.below(6) }));
  }

  private record({ graph, first, end }: GraphChunk): void {
    for (let node = first; node < end; node++) {
      const edges: EdgeInput[] = [];
      for (let edge = graph.inFirst(node); edge < graph.inEnd(node); edge++)
        edges.push({ from: graph.from(edge), flags: graph.flags(edge) });
      this.recorded.addNode(graph.spec(node), graph.args(node), edges);
    }
  }

  handlesChanged(keep: readonly NodeId[], forget: readonly NodeId[]): void {
    this.handle({ kind: "handlesChanged", keep, forget });
  }

  fetch(tree: GraphTree, index?: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.read(tree, index, { resolve, reject }));
  }

  read(tree: GraphTree, index: number | undefined, reader: ValueReader): void {
    const fetch = ++this.lastFetch;
    this.fetches.set(fetch, { tree, index, reader });
    this.handle({ kind: "fetchAsked", fetch, tree, index });
  }

  cancel(reason: string, only?: readonly NodeId[]): void {
    this.handle({ kind: "cancelAsked", reason, only });
  }

  progress(): readonly [] {
    return [];
  }

  explain(node: NodeId, index?: number): Explanation {
    return explain(this.scheduler.state, node, index);
  }

  onChanges(listener: (changes: readonly Change[]) => void): () => void {
    this.listener = listener;
    this.handle({ kind: "listening", to: "changes", on: true });
    return () => this.handle({ kind: "listening", to: "changes", on: false });
  }

  onEnds(listener: (nodes: readonly NodeId[]) => void): () => void {
    this.endListener = listener;
    this.handle({ kind: "listening", to: "ends", on: true });
    return () => this.handle({ kind: "listening", to: "ends", on: false });
  }

  waitsInside(): () => void {
    return () => undefined;
  }

  abandon(): void {}

  close(): void {}

  private listener: (changes: readonly Change[]) => void = () => undefined;
  private endListener: (nodes: readonly NodeId[]) => void = () => undefined;

  private later(step: () => void | Promise<void>): void {
    this.steps.push(step);
    void this.pump();
  }

  /** One step at a time, any of those that wait; at times the clock, at times something that was never asked for. */
  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    try {
      await Promise.resolve();
      while (this.steps.length > 0 || this.wakeAtMs !== Number.POSITIVE_INFINITY) {
        if (this.random.chance(0.1)) await new Promise((resolve) => setImmediate(resolve));
        if (this.wakeAtMs <= this.nowMs || this.steps.length === 0 || this.random.chance(0.02)) this.wake();
        const [step] = this.steps.splice(this.random.below(this.steps.length), 1);
        await step?.();
        this.disturb();
      }
      const { limit, lastSeen, unfinished } = this.scheduler.state;
      if (!this.ended && limit > 0 && (lastSeen || unfinished > 0)) throw new Error("the run stands still");
    } catch (error) {
      this.breakOff(error);
    } finally {
      this.pumping = false;
    }
  }

  private wake(): void {
    if (this.wakeAtMs === Number.POSITIVE_INFINITY) return;
    this.nowMs = Math.max(this.nowMs + this.random.next(), this.wakeAtMs);
    this.wakeAtMs = Number.POSITIVE_INFINITY;
    this.handle({ kind: "woke" });
  }

  private disturb(): void {
    if (this.ended) return;
    if (this.random.chance(0.1)) this.handle({ kind: "demand", limit: 1 + this.random.below(6) });
    const old = this.told[this.random.below(this.told.length)];
    if (old !== undefined && this.random.chance(0.2)) this.handle({ kind: "outcomes", batches: [old] });
  }

  private handle(event: SchedulerEvent): void {
    this.queue.push(event);
    if (this.handling) return;
    this.handling = true;
    try {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) this.step(next);
    } finally {
      this.handling = false;
    }
  }

  private step(event: SchedulerEvent): void {
    this.nowMs += this.random.next();
    this.events.push({ event, nowMs: this.nowMs });
    const effects: Effect[] = [];
    try {
      this.scheduler.handle(event, this.nowMs, effects);
      validate(this.scheduler.state);
      this.onChecked();
      for (const effect of effects) this.perform(effect);
    } catch (error) {
      this.breakOff(error);
      throw error;
    }
  }

  private perform(effect: Effect): void {
    switch (effect.kind) {
      case "dispatch":
        for (const batch of effect.batches) this.begin(batch);
        return;
      case "cancel":
        return;
      case "ask":
        if (this.random.chance(0.2)) this.later(() => this.answer(effect));
        this.later(() => this.answer(effect));
        return;
      case "fetchRefused":
        return this.refuse(effect);
      case "release":
        for (const { first, count, attempt } of effect.values) this.values.delete(first, count, attempt);
        return;
      case "changed":
        return this.listener(effect.changes);
      case "ended":
        return this.endListener(effect.nodes);
      case "finished":
        return this.finish(effect.state);
      case "idle":
        this.ended = true;
        return this.checkEnd();
      case "wakeAt":
        this.wakeAtMs = effect.atMs;
        void this.pump();
        return;
      default:
        return effect satisfies never;
    }
  }

  /** A range is run as one or work by work; as one it is answered in ranges where all went well. */
  private begin(batch: WorkBatch): void {
    if (batch instanceof WorkRange && this.random.chance(0.7)) this.later(() => this.runRange(batch));
    else
      for (let i = 0; i < batch.length; i++) {
        this.later(async () => this.tell(await this.run(batch, i)));
      }
  }

  private async runRange(range: WorkRange): Promise<void> {
    const outcomes: SingleOutcome[] = [];
    for (let i = 0; i < range.length; i++) outcomes.push(await this.run(range, i));
    const metas = outcomes.map(({ result }) => (result.end === "value" ? result.value : undefined));
    if (metas.includes(undefined)) return outcomes.forEach((outcome) => this.tell(outcome));
    for (let from = 0; from < range.length; ) {
      const length = 1 + this.random.below(range.length - from);
      const piece = outcomes.slice(from, from + length);
      const first = taskRunId(range.first + from);
      const metaOfPiece = metas.slice(from, from + length);
      this.tell(
        new OutcomeRange(
          range.run.id,
          first,
          piece.map(({ startedAtMs }) => startedAtMs),
          piece.map(({ durationMs }) => durationMs),
          (i) => metaOfPiece[i] ?? metaOf(undefined),
        ),
      );
      from += length;
    }
  }

  private tell(outcome: OutcomeBatch): void {
    this.later(() => {
      this.handle({ kind: "outcomes", batches: this.random.chance(0.3) ? [outcome, outcome] : [outcome] });
      this.told.push(outcome);
    });
  }

  private async run(batch: WorkBatch, i: number): Promise<SingleOutcome> {
    const work = batch.at(i);
    const context = new AttemptContext(batch.run, batch.template, work, undefined);
    let result: SingleOutcome["result"];
    try {
      result = endedWithValue(context, this.values, await beginAttempt(context, this.values));
    } catch (thrown) {
      result = endedWithError(context, thrown);
    }
    return new SingleOutcome(batch.run.id, work.taskRun, work.attempt, this.nowMs, 1, result);
  }

  private answer({ ask, fetch }: AskEffect): void {
    const given = answer(ask, this.values);
    if (given.kind === "fetched") this.fetches.get(fetch ?? 0)?.reader.resolve(given.value);
    const facts = given.kind === "fetched" ? { id: given.id, kind: given.kind } : given;
    this.handle({ kind: "answers", answers: [facts] });
  }

  private refuse({ fetch, refusal }: Extract<Effect, { kind: "fetchRefused" }>): void {
    const pending = this.fetches.get(fetch);
    if (pending === undefined) return;
    if (refusal.why === "noValue")
      pending.reader.reject(new ResultMissing(refusal.slug, refusal.state, refusal.failure));
    else if (refusal.why === "failed") pending.reader.reject(refusal.failure.error);
    else if (this.keepNothing) pending.reader.resolve(this.remembered(pending));
    else pending.reader.reject(new ResultReleased(refusal.slug));
  }

  /** What was let go, from the copies. */
  private remembered({ tree, index }: Pending): unknown {
    const node = tree.kind === "ref" ? tree.ref : -1;
    const map = this.states.maps.get(node);
    if (map === undefined) return this.values.ever.get(node);
    if (index !== undefined) return this.values.ever.get(map.first + index);
    return Array.from({ length: map.width }, (_, i) => this.values.ever.get(map.first + i));
  }

  private checkEnd(): void {
    const state = this.scheduler.state;
    if (this.keepNothing && state.cancelReason === undefined) {
      const left = [...this.values.held.keys()].filter((name) => !name.endsWith("/0") && !this.isHeld(name));
      if (left.length > 0) throw new Error(`values are left over: ${left.join(", ")}`);
    }
    const again = new FlowScheduler(this.stepsMax);
    for (const { event, nowMs } of this.events) again.handle(this.asRecorded(event), nowMs, []);
    if (stateHash(again.state) !== stateHash(state)) throw new Error("replaying the events gives other states");
  }

  private asRecorded(event: SchedulerEvent): SchedulerEvent {
    if (event.kind !== "graphExtended" || !this.ownsGraph) return event;
    return { kind: "graphExtended", chunk: { ...event.chunk, graph: this.recorded } };
  }

  /** Under a structure that is kept, or returned. */
  private isHeld(name: string): boolean {
    const row = Number(name.slice(0, name.indexOf("/")));
    const { state } = this.scheduler;
    const node = state.table.mapOfRow(row)?.node ?? row;
    return (state.nodePage(node).holds[node & 4095] ?? 0) > 0;
  }
}
