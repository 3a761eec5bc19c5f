// Owns: a simulated worker process: the pure state, values as bytes, the user's real functions, frames.
// Does not own: when it crashes (`sim-cluster`), links (`network`).

import {
  answer,
  type Answer,
  AttemptContext,
  type Ask,
  askId,
  beginWith,
  endedLate,
  endedWithError,
  type FlowRunId,
  inTime,
  isThenable,
  type OutcomeEnd,
  type RunFacts,
  readsOfTree,
  reportOf,
  type Said,
  type TaskKey,
  type TemplateId,
  travelling,
  type ValueRange,
  type WorkBatch,
  type WorkTemplate,
} from "@millrace/core/seam";
import {
  type BetweenPeers,
  type FromWorker,
  leavingEnd,
  nameKey,
  OutcomesBuilder,
  type ToWorker,
  type WorkAt,
  type WorkerEffect,
  type WorkerEvent,
  type WorkerOptions,
  WorkerState,
  validateWorker,
  WorkNames,
  keysOf,
} from "@millrace/distributed/seam";
import { batchOf, decodedTree, decodedWork, factsOf, questionOf, worksAt } from "./decode-works.js";
import type { Code } from "./functions.js";
import { EncodedValues } from "./encoded-values.js";
import { type HasMeans, Means } from "./means.js";
import { workerPairs } from "./worker-pairs.js";
import { argumentsOf, kept } from "./worker-values.js";
import { Assembly } from "./pieces.js";
import type { SimProcess } from "./sim-process.js";

/** The world around a worker. */
export interface WorkerHost {
  /** The one that has opened the run. */
  executor(run: FlowRunId): object | undefined;
  /** The user's function, which no frame carries. */
  code(run: FlowRunId, template: TemplateId, key: TaskKey): Code | undefined;
  tell(messages: readonly FromWorker[]): void;
  /** How long a task takes of the cluster's time: the user's function takes none of it. */
  durationMs(): number;
  /** A value that was asked for: of a client alone. */
  fetched(given: Answer): void;
  /** Says that to the peer of that number, as the wire has it; `0`: the store beside the scheduler. */
  askPeer(peer: number, message: BetweenPeers): void;
  /** Something has happened to it, of which it may have told nothing. */
  handled?(): void;
  /** Its links to peers end. */
  died?(): void;
  /** For a tally: each pair of a state and an event that happens. */
  note?(what: string): void;
}

export class SimWorker {
  readonly values = new EncodedValues();
  state: WorkerState;
  private readonly options: WorkerOptions & HasMeans;
  private readonly means: Means;
  readonly world: SimProcess;
  private readonly host: WorkerHost;
  private readonly facts = new Map<FlowRunId, RunFacts>();
  private readonly templates = new Map<string, WorkTemplate>();
  private readonly asks = new Map<string, Ask>();
  private readonly contexts = new Map<string, AttemptContext>();
  private readonly assemblies = new Map<number, Assembly>();
  /** Grows when it dies: what an earlier life started ends nowhere. */
  private life = 0;
  /** Of values and of what user code takes: as the state was told, and what that takes now. */
  private memory = 0;
  private taken = 0;
  private unwake: (() => void) | undefined;

  constructor(options: WorkerOptions & HasMeans, world: SimProcess, host: WorkerHost) {
    this.options = options;
    this.means = new Means(options);
    this.world = world;
    this.host = host;
    this.state = new WorkerState(options);
  }

  /** All that it was is gone. */
  die(): void {
    this.life++;
    this.host.died?.();
    this.unwake?.();
    for (const context of this.contexts.values()) context.cancel("the worker died");
    for (const map of [this.facts, this.templates, this.asks, this.contexts, this.assemblies, this.values, this.means])
      map.clear();
    this.state = new WorkerState(this.options);
    this.memory = 0;
    this.taken = 0;
  }

  /** For so long user code takes all of its memory. False: it does already. */
  fillFor(ms: number): boolean {
    if (this.taken > 0) return false;
    const { life } = this;
    this.take(this.options.memoryMax);
    this.world.wakeAt(this.world.now() + ms, () => {
      if (this.life === life) this.take(0);
    });
    return true;
  }

  private take(bytes: number): void {
    this.taken = bytes;
    this.tellMemory();
  }

  /** For whoever does not know it. */
  status(): FromWorker {
    return { kind: "status", running: this.state.running, memory: this.memory, level: this.state.level };
  }

  /** Attempts that user code has. */
  running(): readonly AttemptContext[] {
    return [...this.contexts.values()];
  }

  /** As a client: asks for a value, whose holders are these. */
  follow(ask: Ask, holders: Extract<ToWorker, { kind: "ask" }>["holders"]): void {
    this.asks.set(`${ask.run}/${ask.id}`, ask);
    this.handle({ kind: "ask", run: ask.run, id: ask.id, tree: ask.tree, question: { kind: "fetch" }, holders });
    // It stays while it is read, and no longer.
    this.handle({ kind: "release", run: ask.run, values: readsOfTree(ask.tree) });
  }

  received(message: ToWorker): void {
    switch (message.kind) {
      case "runFacts": {
        const { facts } = message;
        this.facts.set(facts.id, factsOf(facts));
        return;
      }
      case "template":
        return this.onTemplate(message);
      case "works":
        return this.onWorks(message);
      case "cancelWorks":
        return this.handle({ kind: "cancelWorks", works: worksAt(message.run, message.works), reason: message.reason });
      case "takeBack":
        return this.handle({ kind: "takeBack", works: worksAt(message.run, message.works) });
      case "release":
        return this.handle({ kind: "release", run: message.run, values: message.values });
      case "ask":
        return this.onAsk(message);
      case "drop":
        this.facts.delete(message.run);
        return this.handle({ kind: "drop", run: message.run });
      case "peerGone":
        return this.handle({ kind: "peerGone", worker: message.worker });
      default:
        return;
    }
  }

  /** From a peer: a value, or the end of a request. */
  fromPeer(message: BetweenPeers): void {
    if (message.kind === "piece") {
      this.handle({ kind: "progress", request: message.request, bytes: message.bytes.length });
      const assembly = this.assemblies.get(message.request);
      const made = assembly?.add(message);
      if (assembly === undefined || made === undefined) return;
      const values = this.values.of(assembly.run);
      const key = nameKey(made.taskRun, made.attempt);
      values.keep(key, made.value);
      const bytes = values.bytesAt(key);
      this.handle({
        kind: "fetched",
        run: assembly.run,
        request: message.request,
        values: [{ taskRun: made.taskRun, attempt: made.attempt, bytes }],
      });
    } else if (message.kind === "missing") this.requestEnded(message.request, message.values);
  }

  requestEnded(request: number, missing: readonly ValueRange[]): void {
    this.assemblies.delete(request);
    this.handle({ kind: "fetchEnded", request, missing });
  }

  /** Takes nothing new, and gives back what has not begun. */
  drain(): void {
    this.handle({ kind: "drain" });
  }

  /** The scheduler takes it for a new one. */
  forgotten(): void {
    // What still runs of before is told to stop, and nobody counts what it takes until it does.
    this.means.clear();
    this.handle({ kind: "forget" });
  }

  private onTemplate({ run, template }: Extract<ToWorker, { kind: "template" }>): void {
    const { task, ...rest } = template;
    const known = this.host.code(run, template.id, task);
    if (known === undefined) throw new Error(`no code for template ${template.id} of run ${run}`);
    const args = template.args.map(decodedTree);
    this.templates.set(`${run}/${template.id}`, { ...rest, args, fn: known.fn, made: known.made });
  }

  private onWorks({ run, template, works, holders }: Extract<ToWorker, { kind: "works" }>): void {
    const facts = this.facts.get(run);
    const known = this.templates.get(`${run}/${template}`);
    if (facts === undefined || known === undefined) throw new Error(`works of ${run} came before what they belong to`);
    const all = Array.from({ length: works.length }, (_, i) => decodedWork(works.at(i)));
    this.handle({ kind: "works", batch: batchOf(facts, known, all), holders });
  }

  private onAsk({ run, id, tree, question, holders }: Extract<ToWorker, { kind: "ask" }>): void {
    const plain = decodedTree(tree);
    this.asks.set(`${run}/${id}`, { run, id, tree: plain, ...questionOf(question) });
    this.handle({ kind: "ask", run, id, tree: plain, question, holders });
  }

  private handle(event: WorkerEvent): void {
    if (this.host.note !== undefined)
      for (const pair of workerPairs(this.state, event)) this.host.note(`worker ${pair}`);
    const effects: WorkerEffect[] = [];
    this.state.handle(event, this.world.now(), effects);
    const told: FromWorker[] = [];
    validateWorker(this.state);
    for (const effect of effects) this.perform(effect, told);
    if (this.contexts.size !== this.state.running)
      throw new Error(`${this.contexts.size} works run, and the worker counts ${this.state.running}`);
    if (told.length > 0) this.host.tell(told);
    this.tellMemory();
    this.host.handled?.();
  }

  private tellMemory(): void {
    const bytes = this.taken + this.values.bytes;
    if (this.options.memoryMax === 0 || bytes === this.memory) return;
    this.memory = bytes;
    this.handle({ kind: "memory", bytes });
  }

  private perform(effect: WorkerEffect, told: FromWorker[]): void {
    switch (effect.kind) {
      case "run": {
        const { batch, i } = effect;
        const { taskRun, attempt } = batch.at(i);
        this.means.begin(nameOf({ run: batch.run.id, taskRun, attempt }), batch.template.needs);
        void this.run(batch, i);
        return;
      }
      case "cancelRun":
        this.contexts.get(nameOf(effect.work))?.cancel(effect.reason);
        return;
      case "fetch": {
        const { request, worker, run, values } = effect;
        this.assemblies.set(request, new Assembly(run, worker));
        return this.host.askPeer(worker, { kind: "wanted", request, run, values, elements: undefined });
      }
      case "unfetch": {
        const peer = this.assemblies.get(effect.request)?.peer;
        this.assemblies.delete(effect.request);
        return peer === undefined ? undefined : this.host.askPeer(peer, { kind: "unwanted", request: effect.request });
      }
      case "answer":
        return this.answer(effect.run, effect.id, told);
      case "answerMissing": {
        const { run, id, missing } = effect;
        this.asks.delete(`${run}/${id}`);
        told.push({ kind: "answers", run, answers: [{ kind: "missing", id: askId(id), missing }] });
        return;
      }
      case "tellBegan":
        told.push({ kind: "began", run: effect.work.run, works: WorkNames.of([effect.work]) });
        return;
      case "tellOutcome": {
        const { run, outcome, bytes } = effect;
        const { taskRun, attempt, startedAtMs, durationMs, result } = outcome;
        const builder = new OutcomesBuilder();
        builder.add(taskRun, attempt, startedAtMs, durationMs, result, bytes);
        told.push({ kind: "outcomes", run, outcomes: builder.columns() });
        return;
      }
      case "tellGivenBack": {
        const { work, because, missing } = effect;
        // Never run twice (DIST-9).
        if (this.contexts.has(nameOf(work))) throw new Error(`a work that has begun is given back: ${nameOf(work)}`);
        told.push({ kind: "givenBack", run: work.run, works: WorkNames.of([work]), because, missing });
        return;
      }
      case "tellAdded": {
        const { run, values, bytes, tookMs } = effect;
        told.push({ kind: "valuesAdded", run, values, bytes, tookMs });
        return;
      }
      case "tellLevel":
        told.push(this.status());
        return;
      case "dropValues":
        for (const key of keysOf(effect.values)) this.values.of(effect.run).drop(key);
        return;
      case "dropRun":
        return this.values.dropRun(effect.run);
      case "spill":
        return this.host.note?.("spill");
      case "wakeAt":
        return this.wakeAt(effect.atMs);
      default:
        return effect satisfies never;
    }
  }

  private wakeAt(atMs: number): void {
    this.unwake?.();
    const isEver = atMs < Number.POSITIVE_INFINITY;
    this.unwake = isEver ? this.world.wakeAt(atMs, () => this.handle({ kind: "woke" })) : undefined;
  }

  /** What a task says. */
  report(by: AttemptContext, said: Said): void {
    const reports = [reportOf(by, said, this.world.now())];
    this.host.tell([{ kind: "reports", run: by.run.id, count: 1, reports }]);
  }

  private async run(batch: WorkBatch, i: number): Promise<void> {
    const { life } = this;
    const work = batch.at(i);
    const at: WorkAt = { run: batch.run.id, taskRun: work.taskRun, attempt: work.attempt };
    const context = new AttemptContext(batch.run, batch.template, work, this.host.executor(batch.run.id), this);
    this.contexts.set(nameOf(at), context);
    const startedAtMs = this.world.now();
    const result = await this.world.user(() => this.attempt(context));
    if (this.life !== life) return;
    context.ended = true;
    this.world.wakeAt(startedAtMs + this.host.durationMs(), () => {
      if (this.life !== life) return;
      this.contexts.delete(nameOf(at));
      this.means.end(nameOf(at));
      const bytes = result.end === "value" ? this.values.of(at.run).bytesAt(nameKey(at.taskRun, at.attempt)) : 0;
      const durationMs = this.world.now() - startedAtMs;
      this.handle({ kind: "ended", work: at, result: leavingEnd(result), bytes, startedAtMs, durationMs });
    });
  }

  private async attempt(context: AttemptContext): Promise<OutcomeEnd> {
    const values = this.values.of(context.run.id);
    const startedAtMs = this.world.now();
    // Not before whoever sent it has gone on.
    await Promise.resolve();
    try {
      const returned = beginWith(context, argumentsOf(context, values));
      const value = isThenable(returned) ? await inTime(context, this.world.follow(returned), this.world) : returned;
      return endedLate(context, this.world, startedAtMs) ?? kept(context, values, value);
    } catch (thrown) {
      return endedLate(context, this.world, startedAtMs, thrown) ?? endedWithError(context, thrown);
    }
  }

  private answer(run: FlowRunId, id: number, told: FromWorker[]): void {
    const name = `${run}/${id}`;
    const ask = this.asks.get(name);
    this.asks.delete(name);
    if (ask === undefined) return;
    const given = answer(ask, this.values.of(run));
    if (ask.kind === "fetch") this.host.fetched(given);
    else if (given.kind === "probed" || given.kind === "failed")
      told.push({
        kind: "answers",
        run,
        answers: [given.kind === "failed" ? { ...given, failure: travelling(given.failure) } : given],
      });
  }
}

const nameOf = ({ run, taskRun, attempt }: WorkAt): string => `${run}/${taskRun}/${attempt}`;
