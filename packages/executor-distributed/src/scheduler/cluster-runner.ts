// Owns: the seam over placement: works to the workers that placement chooses, their answers back to the host; where values are,
// for questions.
// Does not own: states of task runs (the host's scheduler), which worker (placement), links and bytes (who made it).
// C1. Values are never read here: what was put lies in a store, all else with the workers.
// C2. Each work is answered once, and of what is not open nothing is told: what a worker still says of a work that was
//     given back or died is dropped, with its value.
// C3. What a worker has of a run that was dropped keeps its slot and its resources until the worker says that it has ended: the
//     host hears nothing of it any more.

import {
  type Answer,
  type Ask,
  encodeValue,
  type FlowRunId,
  type MillraceError,
  type OutcomeBatch,
  type Needs,
  type OutcomeEnd,
  type Report,
  type RunnerReason,
  SingleOutcome,
  taskRunId,
  type ValueMeta,
  type ValueRange,
  type WorkBatch,
  type WorkId,
} from "@millrace/core/pure";
import {
  type Capabilities,
  type Clock,
  type CloseMode,
  metaOf,
  type Runner,
  type RunnerHost,
} from "@millrace/core/seam";
import type { PlacementEffect } from "../placement/effects.js";
import type { PlacedWork, PlacementEvent, WorkEnd, WorkName } from "../placement/events.js";
import { Placement } from "../placement/placement.js";
import type { FromWorker } from "../protocol/messages.js";
import type { Holding } from "../protocol/ranges.js";
import { type Addressed, addressed } from "./addressed.js";
import { ClusterAsks } from "./cluster-asks.js";
import type { ClusterLinks, FromWorkerOf, Joined } from "./cluster-links.js";
import { bytesOf, PutStore } from "./put-store.js";
import { EncodedPut } from "./received-puts.js";
import { DIED, KILLED } from "./ends.js";
import { type RunHere, RunsHere } from "./runs-here.js";
import { messagesOf, namesMessages } from "./sent-works.js";
import { explainWork, type Lack, recordOf } from "./works-in-words.js";

export class ClusterRunner implements Runner {
  readonly capabilities: Capabilities = { parallel: true, isolated: true, hardCancel: false, remote: true };
  readonly placement: Placement;
  readonly store = new PutStore();
  private readonly links: ClusterLinks;
  private readonly clock: Clock;
  private readonly runs = new RunsHere();
  private readonly asks: ClusterAsks;
  private readonly workers = new Map<number, { readonly epoch: number; readonly address: string }>();
  private host: RunnerHost | undefined;
  private limit = 0;
  private unwake: (() => void) | undefined;
  private readonly queue: PlacementEvent[] = [];
  private isPlacing = false;

  /** `placement`: a fresh one. */
  constructor(links: ClusterLinks, clock: Clock, placement = new Placement()) {
    this.placement = placement;
    this.links = links;
    this.clock = clock;
    this.asks = new ClusterAsks({
      placement: this.placement,
      runOf: (id) => this.runOf(id),
      anyWorker: () => this.anyWorker(),
      send: (worker, messages) => links.send(worker, messages),
      follow: (ask, holders) => links.follow(ask, holders),
      answers: (answers) => this.host?.answers(answers),
      later: (step) => this.later(step),
    });
  }

  start(host: RunnerHost): Promise<void> {
    this.host = host;
    host.demand(this.limit);
    return Promise.resolve();
  }

  put(id: FlowRunId, taskRun: number, value: unknown): ValueMeta {
    const run = this.runOf(id);
    const { encoded, meta } =
      value instanceof EncodedPut ? value : { encoded: encodeValue(value), meta: metaOf(value) };
    this.store.put(id, taskRun, encoded);
    this.place({ kind: "put", run: run.number, taskRun, bytes: bytesOf(encoded) });
    return meta;
  }

  dispatch(batches: readonly WorkBatch[]): void {
    // Works of one run are one event, so that those for one worker are one message.
    const arrived = new Map<RunHere, PlacedWork[]>();
    for (const batch of batches) {
      const run = this.runOf(batch.run.id);
      const works = arrived.get(run) ?? [];
      arrived.set(run, works);
      this.openAll(run, batch, works);
    }
    for (const [run, works] of arrived) this.place({ kind: "worksArrived", run: run.number, works });
  }

  private openAll(run: RunHere, batch: WorkBatch, works: PlacedWork[]): void {
    const { refused } = batch.template.made;
    for (let i = 0; i < batch.length; i++) {
      const work = run.open(batch, i);
      if (refused === undefined) works.push(work);
      else this.answerLater({ run: run.number, ...work }, { end: "failed", failure: refused, retry: "no" });
    }
  }

  ask(asks: readonly Ask[]): void {
    for (const ask of asks) this.asks.ask(ask);
  }

  cancel(ids: readonly WorkId[], reason: string): void {
    const works = ids.flatMap(({ run: id, taskRun, attempt }): WorkName[] => {
      const run = this.runs.find(id);
      const open = run?.works.get(taskRun);
      if (run === undefined || open?.attempt !== attempt) return [];
      open.reason = reason;
      return [{ run: run.number, taskRun, attempt }];
    });
    if (works.length > 0) this.place({ kind: "worksCancelled", works });
  }

  release(id: FlowRunId, values: readonly ValueRange[]): void {
    const run = this.runs.find(id);
    if (run === undefined) return;
    this.store.release(id, values);
    this.place({ kind: "valuesReleased", run: run.number, values });
  }

  close(mode: CloseMode): Promise<void> {
    if (mode === "kill") {
      this.unwake?.();
      for (const run of this.runs)
        for (const [taskRun, { batch, attempt }] of run.works) this.tell(batch.run.id, taskRun, attempt, KILLED);
      this.asks.kill();
    }
    return Promise.resolve();
  }

  /** The run lets go of all that it has; what it has at workers is told to stop, and the run is gone when that has (C3). */
  dropRun(id: FlowRunId): void {
    const run = this.runs.find(id);
    if (run === undefined || run.isDropped) return;
    run.isDropped = true;
    this.asks.drop(id);
    this.store.drop(id);
    for (const open of run.works.values()) open.reason ??= "the run is over";
    this.place({ kind: "runClosed", run: run.number });
  }

  /** In the words of `placement/words`. */
  explain(work: WorkId | undefined, needs: Needs | undefined): RunnerReason | undefined {
    return explainWork(this.placement, this.runs, work, needs, this.clock.now());
  }

  /** Also one that was dropped, while a worker has something of it. */
  has(id: FlowRunId): boolean {
    return this.runs.find(id) !== undefined;
  }

  get counts(): { readonly runs: number; readonly puts: number } {
    return { runs: this.runs.size, puts: this.store.size };
  }

  // Workers.

  /** Also one that comes again before it was seen to be lost. */
  workerJoined(worker: number, epoch: number, joined: Joined): void {
    if (this.isPlacing) return this.later(() => this.workerJoined(worker, epoch, joined));
    if (this.workers.has(worker)) this.workerLost(worker);
    const { address, slots, resources, labels } = joined;
    this.workers.set(worker, { epoch, address });
    this.place({ kind: "workerJoined", worker, epoch, slots, resources, labels });
    this.asks.workerJoined();
  }

  /** Also while it is sent something: then when all that is under way is done, or there would be no end to what is asked of it. */
  workerLost(worker: number, epoch = this.workers.get(worker)?.epoch): void {
    if (epoch === undefined || this.workers.get(worker)?.epoch !== epoch) return;
    if (this.isPlacing) return this.later(() => this.workerLost(worker, epoch));
    this.workers.delete(worker);
    this.runs.forgetWorker(worker);
    this.place({ kind: "workerLost", worker, epoch });
    for (const other of this.workers.keys()) this.links.send(other, [{ kind: "peerGone", worker: worker + 1 }]);
    this.asks.workerLost(worker);
  }

  received(worker: number, message: FromWorker): void {
    const epoch = this.workers.get(worker)?.epoch;
    if (epoch === undefined) return;
    switch (message.kind) {
      case "began":
        return this.onBegan(worker, epoch, message);
      case "outcomes":
        return this.onOutcomes(worker, epoch, message);
      case "givenBack":
        return this.onGivenBack(worker, epoch, message);
      case "answers":
        return this.asks.probed(message.run, message.answers);
      case "valuesAdded":
        this.place({ kind: "transferred", bytes: message.bytes, ms: message.tookMs });
        return this.onHeld(worker, epoch, message);
      case "valuesDropped":
        return this.onHeld(worker, epoch, message);
      case "status":
        return this.place({ kind: message.level === "paused" ? "workerPaused" : "workerResumed", worker, epoch });
      case "leaving":
        return this.place({ kind: "workerRetiring", worker, epoch });
      case "reports":
        return this.links.reports(message.run, message.reports);
      default:
        // Of the session, or of what needs code: others take those.
        return;
    }
  }

  private onHeld(
    worker: number,
    epoch: number,
    { kind, run: id, values }: FromWorkerOf<"valuesAdded" | "valuesDropped">,
  ): void {
    const run = this.runs.find(id);
    if (run !== undefined) this.place({ kind, worker, epoch, run: run.number, values });
  }

  private onBegan(worker: number, epoch: number, { run: id, works }: FromWorkerOf<"began">): void {
    const run = this.runs.find(id);
    if (run === undefined) return;
    this.place({ kind: "began", worker, epoch, works: run.names(works) });
  }

  private onOutcomes(worker: number, epoch: number, { run: id, outcomes }: FromWorkerOf<"outcomes">): void {
    const run = this.runs.find(id);
    if (run === undefined) return;
    const ends: WorkEnd[] = [];
    const told: OutcomeBatch[] = [];
    for (let i = 0; i < outcomes.length; i++) {
      const { taskRun, attempt, startedAtMs, durationMs, result } = outcomes.at(i);
      const end = result.end === "value" ? "value" : "noValue";
      ends.push({ run: run.number, taskRun, attempt, end, valueBytes: outcomes.sizeAt(i), durationMs });
      if (!run.answer(taskRun, attempt)) continue;
      told.push(new SingleOutcome(id, taskRun, attempt, startedAtMs, durationMs, result));
    }
    // First where the value is, then that it is there.
    this.place({ kind: "ended", worker, epoch, works: ends });
    if (told.length > 0) this.host?.outcomes(told);
  }

  private onGivenBack(worker: number, epoch: number, { run: id, works, missing }: FromWorkerOf<"givenBack">): void {
    const run = this.runs.find(id);
    if (run === undefined) return;
    const names = run.names(works);
    const ends = names.map((name): WorkEnd => ({ ...name, end: "givenBack", valueBytes: 0, durationMs: 0 }));
    this.place({ kind: "ended", worker, epoch, works: ends });
    const nowMs = this.clock.now();
    const told = names
      .filter(({ taskRun, attempt }) => run.answer(taskRun, attempt))
      .map((name) => outcomeOf(id, name, nowMs, { end: "givenBack", missing }));
    if (told.length > 0) this.host?.outcomes(told);
  }

  /** Of a question that was followed. */
  answered(answers: readonly Answer[]): void {
    this.asks.answered(answers);
  }

  /** Who holds these; `STORE` is what lies beside the scheduler. */
  holders(id: FlowRunId, values: readonly ValueRange[]): readonly Holding[] {
    const run = this.runs.find(id);
    return run === undefined ? [] : this.placement.whereIs(run.number, values).holders;
  }

  /** What tasks say, and what is said of them. */
  reports(reports: readonly Report[]): void {
    this.host?.reports(reports);
  }

  /** For whoever is not told of workers by number: holders by their place among addresses. The store's is empty. */
  addressesOf(holders: readonly Holding[]): Addressed {
    return addressed(holders, (worker) => this.workers.get(worker - 1)?.address ?? "");
  }

  failed(error: MillraceError): void {
    this.host?.failed(error);
  }

  private runOf(id: FlowRunId): RunHere {
    const { run, isNew } = this.runs.of(id);
    if (isNew) this.place({ kind: "runOpened", run: run.number });
    return run;
  }

  private anyWorker(): number | undefined {
    return this.workers.keys().next().value;
  }

  /** One event at a time: what an effect brings about waits for its turn. */
  private place(event: PlacementEvent): void {
    this.queue.push(event);
    if (this.isPlacing) return;
    this.isPlacing = true;
    try {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
        const effects: PlacementEffect[] = [];
        this.placement.handle(next, this.clock.now(), effects);
        for (const effect of effects) this.perform(effect);
      }
    } finally {
      this.isPlacing = false;
    }
  }
  private perform(effect: PlacementEffect): void {
    switch (effect.kind) {
      case "send":
        return this.links.send(
          effect.worker,
          messagesOf(effect.worker, effect.works, (number) => this.runs.at(number)),
        );
      case "takeBack":
      case "cancel":
        return this.links.send(
          effect.worker,
          namesMessages(effect.kind, effect.works, (number) => this.runs.at(number)),
        );
      case "givenBack":
        return this.answerLater(effect.work, this.runs.at(effect.work.run)?.endOf(effect) ?? DIED);
      case "died":
        return this.answerLater(effect.work, DIED);
      case "valuesLost": {
        const run = this.runs.at(effect.run);
        if (run !== undefined) this.later(() => this.host?.valuesLost(run.id, effect.values));
        return;
      }
      case "drop": {
        const run = this.runs.at(effect.run);
        if (run !== undefined && effect.worker >= 0)
          this.links.send(effect.worker, [{ kind: "release", run: run.id, values: effect.values }]);
        return;
      }
      case "runGone": {
        const run = this.runs.at(effect.run);
        if (run === undefined) return;
        for (const worker of new Set([...run.told.keys(), ...run.asked]))
          this.links.send(worker, [{ kind: "drop", run: run.id }]);
        this.runs.drop(run);
        return;
      }
      case "demand":
        this.limit = effect.limit;
        this.later(() => this.host?.demand(this.limit));
        return;
      case "unsatisfiable":
        return this.warn(effect);
      case "wakeAt":
        this.unwake?.();
        this.unwake = this.clock.wakeAt(effect.atMs, () => this.place({ kind: "woke" }));
        return;
      default:
        return effect satisfies never;
    }
  }

  private warn(lack: Lack): void {
    const record = recordOf(this.runs, lack, this.clock.now());
    if (record !== undefined) this.links.warn(record);
  }

  private answerLater({ run: number, taskRun, attempt }: WorkName, result: OutcomeEnd): void {
    const run = this.runs.at(number);
    if (run !== undefined) this.later(() => this.answerWork(run, taskRun, attempt, result));
  }

  /** C2. */
  private answerWork(run: RunHere, taskRun: number, attempt: number, result: OutcomeEnd): void {
    if (run.answer(taskRun, attempt)) this.tell(run.id, taskRun, attempt, result);
  }

  private tell(run: FlowRunId, taskRun: number, attempt: number, result: OutcomeEnd): void {
    this.host?.outcomes([outcomeOf(run, { taskRun, attempt }, this.clock.now(), result)]);
  }

  /** Never inside a call of the host's. */
  private later(step: () => void): void {
    this.clock.wakeAt(this.clock.now(), step);
  }
}

/** Of a work whose worker gives no time. */
const outcomeOf = (run: FlowRunId, name: Omit<WorkName, "run">, nowMs: number, result: OutcomeEnd): SingleOutcome =>
  new SingleOutcome(run, taskRunId(name.taskRun), name.attempt, nowMs, 0, result);
