// Owns: one run between its scheduler and a runner: events in, effects out, in the order in which the scheduler gave them.
// Does not own: states (the scheduler), values (the runner), who shares the runner (`executor-over`).
// V1. One event at a time: what an effect brings about is queued behind it.
// V2. Fetched values stay here; the scheduler hears only that a question was answered.
// V3. It lets go of its values when it is closed, and not before it is idle: until then works and questions are under way.

import type { GraphChunk } from "../graph/graph-chunk.js";
import type { Effect } from "../scheduler/effects.js";
import type { AnswerFacts, SchedulerEvent } from "../scheduler/events.js";
import { Fifo } from "../scheduler/fifo.js";
import { attemptThere } from "../scheduler/fetching.js";
import { FlowScheduler } from "../scheduler/flow-scheduler.js";
import type { Change } from "../states/change.js";
import type { Explanation } from "../states/explanation.js";
import type { StateTable } from "../states/state-table.js";
import type { Answer, Ask, ValueRange } from "../work/ask.js";
import { type AskId, type FlowRunId, type NodeId, runOfNode, type WorkId, workName } from "../work/ids.js";
import type { FlowState } from "../work/kinds.js";
import { InternalError, MillraceError } from "../work/millrace-error.js";
import { runnerThrew } from "../work/runner-fault.js";
import type { OutcomeBatch } from "../work/outcome.js";
import type { Report } from "../work/report.js";
import type { GraphTree } from "../work/value-tree.js";
import type { RunFacts } from "../work/work.js";
import { ExecutorClosed, RunClosed } from "./closed-errors.js";
import type { Sharer } from "./demand-share.js";
import type { DriverHost } from "./driver-host.js";
import type { RunLink, RunRequest, ValueReader } from "./executor.js";
import { explainWith } from "./explain-with.js";
import { refuse } from "./refusals.js";
import { RunReports, type TaskProgress } from "./run-reports.js";
import { Stuck } from "./stuck.js";

export class Driver implements RunLink, Sharer {
  readonly id: FlowRunId;
  private readonly name: string;
  readonly inside: string | undefined;
  readonly opened: Promise<void>;
  readonly done: Promise<FlowState>;
  private readonly host: DriverHost;
  private readonly scheduler: FlowScheduler;
  private readonly reports: RunReports;
  private readonly queue = new Fifo<SchedulerEvent>();
  private readonly fetches = new Map<number, ValueReader>();
  private readonly asked = new Map<AskId, number>();
  private readonly listeners = new Set<(changes: readonly Change[]) => void>();
  private readonly endListeners = new Set<(nodes: readonly NodeId[]) => void>();
  private handling = false;
  private closed = false;
  private isUp = false;
  /** It was idle once: the executor knows that it has ended. */
  private isEnded = false;
  /** No more nodes may come; `refuses`: since the executor of that name was closed. */
  private lastGiven = false;
  private refuses: string | undefined;
  private extendedTo = 0;
  broken: MillraceError | undefined;
  private lastFetch = 0;
  private unwake: (() => void) | undefined;
  private answerer: ((ask: Ask) => Answer) | undefined;
  /** Called once: it has ended, and nothing of it is under way. */
  whenIdle: () => void = () => undefined;
  /** It cannot be driven any more, also where it has ended. */
  whenBroken: (error: MillraceError) => void = () => undefined;
  private finish: (state: FlowState) => void = () => undefined;
  private breakOff: (error: MillraceError) => void = () => undefined;

  constructor(request: RunRequest, host: DriverHost, opened: Promise<void>) {
    this.id = request.id;
    this.name = request.name;
    this.host = host;
    this.scheduler = new FlowScheduler(host.watch?.stepsMax);
    this.opened = opened;
    const noteUp = (): void => {
      this.isUp = true;
    };
    opened.then(noteUp, () => undefined);
    this.reports = new RunReports(request, request.listeners ?? {}, (taskRun, attempt) => {
      const { state } = this.scheduler;
      return state.isSent(taskRun) && state.attempt(taskRun) === attempt;
    });
    const { inside } = request;
    this.inside = inside === undefined ? undefined : workName(inside);
    this.done = new Promise((resolve, reject) => {
      this.finish = resolve;
      this.breakOff = reject;
    });
    // Whoever looks at the run only through its states is not to be told of an unhandled rejection.
    this.done.catch(() => undefined);
    const { references, keepResults } = request;
    const { id, flow, name, parameters, checkValues, origin } = request;
    const run: RunFacts = {
      id,
      flow,
      name,
      parameters,
      ...(checkValues === true ? { checkValues } : undefined),
      ...(keepResults === "held" ? { once: true } : undefined),
      ...(origin === undefined ? undefined : { origin }),
    };
    const canLose = host.runner.capabilities.remote;
    this.handle({ kind: "started", run, references, ownsGraph: keepResults === "held", canLose });
    this.handle({ kind: "handlesChanged", keep: keepResults === "all" ? "all" : request.returned, forget: [] });
  }

  get states(): StateTable {
    return this.scheduler.table;
  }

  get open(): number {
    return this.scheduler.state.open;
  }

  get wants(): boolean {
    return this.scheduler.wantsDemand;
  }

  setLimit(limit: number): void {
    if (limit !== this.scheduler.state.limit) this.handle({ kind: "demand", limit });
  }

  put(node: NodeId, value: unknown): void {
    // What a broken run was given is gone, and nobody would let go of more.
    if (this.broken === undefined) this.handle({ kind: "put", node, meta: this.host.runner.put(this.id, node, value) });
  }

  extend(chunk: GraphChunk): void {
    if (this.broken !== undefined) throw this.broken;
    if (this.refuses !== undefined) {
      if (chunk.first < chunk.end) throw new ExecutorClosed(this.refuses);
      return;
    }
    this.lastGiven = chunk.last;
    this.extendedTo = chunk.end;
    this.handle({ kind: "graphExtended", chunk });
    this.host.settled(this);
  }

  /** The executor closes: an open run ends with the nodes that it has. */
  takeNoMore(executor: string): void {
    if (this.lastGiven || this.broken !== undefined) return;
    const { graph } = this.scheduler.state;
    this.extend({ graph, first: this.extendedTo, end: this.extendedTo, last: true });
    this.refuses = executor;
  }

  handlesChanged(keep: readonly NodeId[], forget: readonly NodeId[]): void {
    if (this.broken === undefined) this.handle({ kind: "handlesChanged", keep, forget });
  }

  fetch(tree: GraphTree, index?: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.read(tree, index, { resolve, reject }));
  }

  read(tree: GraphTree, index: number | undefined, reader: ValueReader): void {
    if (this.closed) return reader.reject(new RunClosed(this.name));
    if (this.broken !== undefined) return reader.reject(this.broken);
    if (index === undefined && tree.kind === "ref" && this.answerer === undefined && this.readNow(tree.ref, reader))
      return;
    const fetch = ++this.lastFetch;
    this.fetches.set(fetch, reader);
    this.handle({ kind: "fetchAsked", fetch, tree, index });
    // What is asked for may have to be made again, for which a slot is needed.
    this.host.settled(this);
  }

  /** What is there and can be had at once needs no question. */
  private readNow(node: NodeId, reader: ValueReader): boolean {
    const { valueAt } = this.host;
    const attempt = valueAt === undefined ? -1 : attemptThere(this.scheduler.state, node);
    if (valueAt === undefined || attempt < 0) return false;
    let value: unknown;
    try {
      value = valueAt(this.id, runOfNode(node), attempt);
    } catch (error) {
      reader.reject(error);
      return true;
    }
    reader.resolve(value);
    return true;
  }

  cancel(reason: string, only?: readonly NodeId[]): void {
    if (this.broken === undefined) this.handle({ kind: "cancelAsked", reason, only });
  }

  waitsInside(work: WorkId): () => void {
    const name = workName(work);
    this.host.lend(name);
    let over = false;
    return () => {
      if (!over) this.host.giveBack(name);
      over = true;
    };
  }

  report(report: Report): void {
    this.reports.take(report);
  }

  progress(): readonly TaskProgress[] {
    return this.reports.running();
  }

  async explain(node: NodeId, index?: number): Promise<Explanation> {
    const { clock, runner } = this.host;
    return explainWith(this.scheduler.state, this.isUp ? runner : undefined, clock.now(), node, index);
  }

  onChanges(listener: (changes: readonly Change[]) => void): () => void {
    return this.listen("changes", this.listeners, listener);
  }

  onEnds(listener: (nodes: readonly NodeId[]) => void): () => void {
    return this.listen("ends", this.endListeners, listener);
  }

  private listen<T>(to: "changes" | "ends", listeners: Set<T>, listener: T): () => void {
    if (listeners.size === 0) this.handle({ kind: "listening", to, on: true });
    listeners.add(listener);
    return () => {
      if (listeners.delete(listener) && listeners.size === 0) this.handle({ kind: "listening", to, on: false });
    };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const reader of this.fetches.values()) reader.reject(new RunClosed(this.name));
    this.fetches.clear();
    if (this.isEnded) this.leave();
  }

  /** V3. */
  private leave(): void {
    this.unwake?.();
    // What came meanwhile, as a share of the demand, is nobody's any more.
    this.queue.clear();
    this.answerer = undefined;
    this.host.left(this);
  }

  abandon(): void {
    this.failed(new MillraceError("RUN_ABANDONED", "the run could not be started"));
  }

  /** Outcomes of this run. */
  outcomes(batches: readonly OutcomeBatch[], nowMs?: number): void {
    let count = 0;
    for (const batch of batches) count += batch.length;
    this.host.freeing(this, count);
    this.handle({ kind: "outcomes", batches }, nowMs);
    this.host.settled(this);
  }

  answers(answers: readonly Answer[]): void {
    const facts = answers.map((answer): AnswerFacts => {
      const fetch = this.asked.get(answer.id);
      this.asked.delete(answer.id);
      if (answer.kind !== "fetched") return answer;
      this.takeFetch(fetch)?.resolve(answer.value);
      return { id: answer.id, kind: "fetched" };
    });
    this.handle({ kind: "answers", answers: facts });
    this.host.settled(this);
  }

  valuesLost(values: readonly ValueRange[]): void {
    this.handle({ kind: "valuesLost", values });
    this.host.settled(this);
  }

  /** The run cannot be driven any more. */
  failed(error: MillraceError): void {
    this.broken ??= error;
    this.unwake?.();
    this.breakOff(error);
    for (const fetch of this.fetches.values()) fetch.reject(error);
    this.fetches.clear();
    this.host.broke(this);
    this.whenBroken(error);
  }

  /** V1. */
  private handle(event: SchedulerEvent, nowMs?: number): void {
    if (this.handling) {
      this.queue.push(event);
      return;
    }
    this.handling = true;
    try {
      this.step(event, nowMs ?? this.host.clock.now());
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift())
        this.step(next, this.host.clock.now());
    } catch (error) {
      this.queue.clear();
      this.failed(error instanceof MillraceError ? error : new InternalError(`the scheduler threw ${String(error)}`));
    } finally {
      this.handling = false;
    }
  }

  private step(event: SchedulerEvent, nowMs: number): void {
    const effects: Effect[] = [];
    this.scheduler.handle(event, nowMs, effects);
    this.host.watch?.onEvent(this.id, this.scheduler, event, nowMs);
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: Effect): void {
    switch (effect.kind) {
      case "dispatch":
      case "release":
      case "cancel":
      case "ask":
        return this.tellRunner(effect);
      case "wakeAt":
        return this.wakeAt(effect.atMs);
      case "fetchRefused":
        refuse(this.takeFetch(effect.fetch), effect.refusal);
        return;
      case "changed":
        for (const listener of this.listeners) listener(effect.changes);
        return;
      case "ended":
        for (const listener of this.endListeners) listener(effect.nodes);
        return;
      case "finished":
        return this.finish(effect.state);
      case "idle":
        if (this.isEnded) return;
        this.isEnded = true;
        this.answerer = this.host.ended(this);
        if (this.closed) this.leave();
        this.whenIdle();
        return;
      case "stuck":
        throw new Stuck(effect.waits, effect.more);
      default:
        return effect satisfies never;
    }
  }

  private tellRunner(effect: Extract<Effect, { kind: "dispatch" | "release" | "cancel" | "ask" }>): void {
    const { runner } = this.host;
    try {
      switch (effect.kind) {
        case "dispatch":
          return runner.dispatch(effect.batches);
        case "release":
          return runner.release(this.id, effect.values);
        case "cancel":
          return runner.cancel(effect.ids, effect.reason);
        case "ask":
          if (this.closed && this.isEnded) return;
          if (effect.fetch !== undefined) this.asked.set(effect.ask.id, effect.fetch);
          if (this.answerer === undefined) runner.ask([effect.ask]);
          else this.answers([this.answerer(effect.ask)]);
          return;
        default:
          return effect satisfies never;
      }
    } catch (error) {
      throw runnerThrew(effect.kind, error);
    }
  }

  private wakeAt(atMs: number): void {
    this.unwake?.();
    this.unwake = undefined;
    if (atMs === Number.POSITIVE_INFINITY) return;
    this.unwake = this.host.clock.wakeAt(atMs, () => {
      this.unwake = undefined;
      this.handle({ kind: "woke" });
      this.host.settled(this);
    });
  }

  /** Who asked for what this question fetches. */
  readerOf(ask: AskId): ValueReader | undefined {
    const fetch = this.asked.get(ask);
    return fetch === undefined ? undefined : this.fetches.get(fetch);
  }

  /** Nodes that were given and not looked at yet. */
  get unread(): number {
    return this.scheduler.state.known - this.scheduler.state.read;
  }

  private takeFetch(fetch: number | undefined): ValueReader | undefined {
    const pending = fetch === undefined ? undefined : this.fetches.get(fetch);
    if (fetch !== undefined) this.fetches.delete(fetch);
    return pending;
  }
}
