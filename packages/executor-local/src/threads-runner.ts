// Owns: the runner over threads: which works go where, and what becomes of them.
// Does not own: one thread (`thread`), arguments (`columns`), how long works may take (`watch`), how many it asks for (`demand`).
// R1. As many batches at a time as `threads`; spare threads only stand in for one that died.
// R2. On a death exactly the work that ran is blamed. What was never answered goes back and runs again.
// R3. Values lie here, held: they are decoded for a fetch or a question, never on their way through.

import {
  type Answer,
  type Ask,
  answer,
  type Capabilities,
  type Clock,
  type CloseMode,
  type FailureData,
  Fifo,
  type FlowRunId,
  LocalValues,
  type OutcomeEnd,
  type Runner,
  RunnerFault,
  type RunnerHost,
  type ValueMeta,
  type ValueRange,
  travelling,
  type Work,
  type WorkBatch,
  type WorkId,
  WorkRange,
  workName,
  workNameIn,
} from "@millrace/core/seam";
import { type ThreadActivity, activityOf } from "./activity.js";
import { Batch } from "./batch.js";
import { batchMessage } from "./batch-message.js";
import { deathOf, endAfterDeath, loadingDied, slugAt } from "./deaths.js";
import { DecodedValues } from "./decoded-values.js";
import { Durations } from "./durations.js";
import { heldOf, metaOfHeld } from "./held.js";
import { nextBatch } from "./next-batch.js";
import { outcomesOf, stoppedBy, ThreadOutcomes } from "./outcomes.js";
import { type Lane, RunBook } from "./run-book.js";
import { Team } from "./team.js";
import type { Thread, ThreadHost, ThreadOptions } from "./thread.js";
import { Watch } from "./watch.js";
import { reportOf } from "./said.js";
import type { FromThread, OutcomesMessage, SaidMessage, ThreadNews } from "./wire.js";

export type ThreadsOptions = ThreadOptions & {
  readonly threads: number;
  readonly spareThreads: number;
  readonly graceMs: number;
};

/** Works that are asked for ahead of the threads, for tiny tasks. */
const DEMAND_MAX = 8192;
/** A short run ends before anything could die: it does not pay for threads that stand by. */
const SPARES_AFTER_MS = 250;
/** A batch that is older has works that take longer than was thought. */
const STEAL_MS = 2;

export class ThreadsRunner implements Runner, ThreadHost {
  readonly capabilities: Capabilities = { parallel: true, isolated: true, hardCancel: true, remote: false };
  private readonly options: ThreadsOptions;
  private readonly clock: Clock;
  private readonly values = new LocalValues();
  private readonly durations = new Durations();
  private readonly books = new Map<FlowRunId, RunBook>();
  private readonly lanes = new Fifo<Lane>();
  private readonly watch: Watch;
  private team: Team | undefined;
  private host: RunnerHost | undefined;
  private numbers = 0;
  private demand = 0;
  private unsteal: (() => void) | undefined;
  private unspare: (() => void) | undefined;
  /** What a thread said of its end, before it came. */
  private readonly lastWords = new Map<Thread, Extract<FromThread, { kind: "exiting" }>>();

  constructor(options: ThreadsOptions, clock: Clock) {
    this.options = options;
    this.clock = clock;
    this.watch = new Watch(options.graceMs, clock);
  }

  /** Resolves when all threads are warm; works may come before. */
  start(host: RunnerHost): Promise<void> {
    this.host = host;
    this.team = new Team(this.options, this);
    this.demand = this.options.threads;
    host.demand(this.demand);
    this.unspare = this.clock.wakeAt(this.clock.now() + SPARES_AFTER_MS, () => this.team?.addSpares(), true);
    return this.team.warm;
  }

  put(run: FlowRunId, taskRun: number, value: unknown): ValueMeta {
    const held = heldOf(value, "value");
    this.values.of(run).set(taskRun, 0, held);
    return metaOfHeld(held);
  }

  dispatch(batches: readonly WorkBatch[]): void {
    for (const batch of batches) {
      const lane = this.laneOf(batch);
      if (batch instanceof WorkRange) lane.waiting.push(batch);
      else for (let i = 0; i < batch.length; i++) lane.waiting.push(batch.at(i));
      this.enqueue(lane);
    }
    this.pump();
  }

  ask(asks: readonly Ask[]): void {
    this.host?.answers(asks.map((ask): Answer => answer(ask, new DecodedValues(this.values.of(ask.run)))));
  }

  cancel(ids: readonly WorkId[], reason: string): void {
    const asked = new Set(ids.map(workName));
    const runs = new Set(ids.map(({ run }) => run));
    for (const run of runs) {
      const book = this.books.get(run);
      if (book === undefined) continue;
      for (const lane of book.all()) this.dropWaiting(lane, (work) => asked.has(workNameIn(run, work)), reason);
    }
    for (const thread of this.team?.threads ?? []) {
      const { batch } = thread;
      if (batch !== undefined && runs.has(batch.lane.book.facts.id)) this.cancelIn(thread, batch, asked, reason);
    }
    this.pump();
  }

  release(run: FlowRunId, values: readonly ValueRange[]): void {
    const kept = this.values.find(run);
    for (const { first, count, attempt } of values) kept?.delete(first, count, attempt);
  }

  /** With works open only to kill; then each is answered for. */
  async close(_mode: CloseMode): Promise<void> {
    const { team } = this;
    this.team = undefined;
    this.unsteal?.();
    this.unspare?.();
    if (team === undefined) return;
    for (const book of this.books.values()) for (const lane of book.all()) this.dropWaiting(lane, () => true, "killed");
    for (const thread of team.threads) {
      const { batch } = thread;
      thread.unwatch?.();
      if (batch !== undefined) this.answerOpen(batch, (_work) => stoppedBy({ kind: "cancelled", reason: "killed" }));
    }
    await team.close();
  }

  /** Of the threads that are up, spare ones too. */
  activity(): readonly ThreadActivity[] {
    return (this.team?.threads ?? []).map(activityOf);
  }

  /** As user code would see it. Throws `VALUE_LOST`. */
  valueAt(run: FlowRunId, taskRun: number, attempt: number): unknown {
    return new DecodedValues(this.values.of(run)).get(taskRun, attempt);
  }

  /** Hands over a run that has ended: its values live as long as what is given. */
  detach(run: FlowRunId): (ask: Ask) => Answer {
    const values = new DecodedValues(this.values.of(run));
    this.values.drop(run);
    const book = this.books.get(run);
    this.books.delete(run);
    if (book !== undefined) this.team?.forget(book);
    return (ask) => answer(ask, values);
  }

  ready(): void {
    this.pump();
  }

  outcomes(thread: Thread, batch: Batch, message: OutcomesMessage, isLast: boolean): void {
    const { lane } = batch;
    batch.done = message.from + message.ends.length;
    if (isLast) thread.unwatch?.();
    else this.watch.batch(thread, batch);
    if (this.isGone(lane)) return this.pump();
    const { outcomes, totalMs } = outcomesOf(batch, message, this.values.of(lane.book.facts.id));
    if (outcomes.length > 0) {
      lane.duration.note(totalMs, outcomes.length);
      this.learn(lane);
      this.host?.outcomes([outcomes]);
    }
    this.pump();
  }

  said(thread: Thread, message: SaidMessage, batch: Batch | undefined): void {
    const book = [...this.books.values()].find(({ number }) => number === message.run);
    this.host?.reports([reportOf(message, book?.facts.id, batch, thread.number)]);
  }

  told(thread: Thread, message: ThreadNews): void {
    if (message.kind === "exiting") this.lastWords.set(thread, message);
    else {
      // Nobody waits for it, and nobody else would say it.
      const { slug, message: text } = message;
      const whose = slug === "" ? "a task" : `"${slug}"`;
      process.emitWarning(`${whose} left an error behind: ${text}`, { code: "MILLRACE_LATE_ERROR" });
    }
  }

  /** R2. */
  died(thread: Thread, batch: Batch | undefined, death: Error): void {
    thread.unwatch?.();
    const words = this.lastWords.get(thread);
    this.lastWords.delete(thread);
    if (batch !== undefined) {
      const { lane } = batch;
      const isLate = words?.batch !== batch.number || words.position < 0;
      const blamed = words !== undefined && isLate ? -1 : batch.running;
      const cause = deathOf(death, slugAt(batch, Math.max(blamed, 0)), words?.how, this.options.resourceLimits);
      if (blamed >= 0 && !batch.isLoaded && !batch.asked.has(blamed)) this.failLane(lane, loadingDied(lane, cause));
      this.answerOpen(batch, (_work, position) => endAfterDeath(batch, position, blamed, cause));
      this.enqueue(lane);
    }
    this.pump();
  }

  failed(_thread: Thread, error: Error): void {
    const message = `a thread could not be started: ${error.message}. Is resourceLimits or env what it should be?`;
    this.host?.failed(new RunnerFault(message, { cause: error }));
  }

  private laneOf({ run, template }: WorkBatch): Lane {
    let book = this.books.get(run.id);
    if (book === undefined) {
      book = new RunBook(++this.numbers, run, this.durations);
      this.books.set(run.id, book);
    }
    return (
      book.find(template) ??
      book.add(++this.numbers, template, (lane) => {
        this.enqueue(lane);
        this.pump();
      })
    );
  }

  /** Its run was detached while works of it were out: nobody wants them. */
  private isGone({ book }: Lane): boolean {
    return this.books.get(book.facts.id) !== book;
  }

  private enqueue(lane: Lane): void {
    if (this.isGone(lane)) return lane.waiting.clear();
    if (lane.failure !== undefined) this.failLane(lane, lane.failure);
    else if (lane.place !== undefined && !lane.isQueued && !lane.waiting.empty) {
      lane.isQueued = true;
      this.lanes.push(lane);
    }
  }

  /** R1. */
  private pump(): void {
    const { team } = this;
    if (team === undefined) return;
    while (!this.lanes.empty) {
      const thread = team.takeIdle();
      if (thread === undefined) return;
      const lane = this.lanes.shift();
      if (lane === undefined) return;
      lane.isQueued = false;
      this.postNext(thread, lane, team.idle);
      this.enqueue(lane);
    }
    if (team.idle > 0) this.steal(team);
  }

  private postNext(thread: Thread, lane: Lane, idle: number): void {
    const count = Math.min(lane.duration.batch, Math.ceil(lane.waiting.length / idle));
    const values = this.values.of(lane.book.facts.id);
    const nowMs = this.clock.now();
    const { works, given, moved } = nextBatch(lane, count, values, nowMs, (failed) => this.later(failed));
    if (works.length === 0) return;
    thread.clear();
    const batch = new Batch(++this.numbers, lane, works, thread.cells, nowMs);
    const { timeoutMs, rerun } = lane.template;
    const isCareful = timeoutMs !== undefined || rerun === "never" || !lane.duration.isKnown;
    const message = batchMessage(batch, thread, given, isCareful);
    thread.post(batch, message, moved);
    this.watch.batch(thread, batch);
  }

  /** Two long works never wait in one batch while a thread has nothing to do. */
  private steal(team: Team): void {
    this.unsteal?.();
    this.unsteal = undefined;
    const nowMs = this.clock.now();
    let isYoung = false;
    for (const { batch } of team.threads) {
      if (batch?.mayHaveUnstarted !== true) continue;
      if (nowMs - batch.postedAtMs < STEAL_MS) {
        isYoung = true;
        continue;
      }
      const taken = batch.takeHalf();
      for (const work of taken) batch.lane.waiting.push(work);
      if (taken.length === 0) continue;
      this.enqueue(batch.lane);
      return this.pump();
    }
    if (isYoung) this.unsteal = this.clock.wakeAt(nowMs + STEAL_MS, () => this.pump(), true);
  }

  private cancelIn(thread: Thread, batch: Batch, asked: ReadonlySet<string>, reason: string): void {
    const { id } = batch.lane.book.facts;
    const outcomes = new ThreadOutcomes(id);
    for (let position = batch.done; position < batch.works.length; position++) {
      const work = batch.works.at(position);
      if (work === undefined || batch.isTaken(position) || !asked.has(workNameIn(id, work))) continue;
      if (batch.take(position)) outcomes.add(work, stoppedBy({ kind: "cancelled", reason }), this.clock.now(), 0);
      else this.watch.stop(thread, batch, position, { kind: "cancelled", reason });
    }
    this.later(outcomes);
  }

  private dropWaiting(lane: Lane, matches: (work: Work) => boolean, reason: string): void {
    const outcomes = new ThreadOutcomes(lane.book.facts.id);
    for (const work of lane.waiting.takeAll()) {
      if (matches(work)) outcomes.add(work, stoppedBy({ kind: "cancelled", reason }), this.clock.now(), 0);
      else lane.waiting.push(work);
    }
    this.later(outcomes);
  }

  /** Its code cannot be had: none of its works is tried again (T3). */
  private failLane(lane: Lane, failure: FailureData): void {
    lane.failure = travelling(failure);
    const outcomes = new ThreadOutcomes(lane.book.facts.id);
    const end: OutcomeEnd = { end: "failed", failure: lane.failure, retry: "no" };
    for (const work of lane.waiting.takeAll()) outcomes.add(work, end, this.clock.now(), 0);
    this.later(outcomes);
  }

  /** What of a batch is not answered. `endOf`: undefined: it goes back. */
  private answerOpen(batch: Batch, endOf: (work: Work, position: number) => OutcomeEnd | undefined): void {
    const outcomes = new ThreadOutcomes(batch.lane.book.facts.id);
    for (let position = batch.done; position < batch.works.length; position++) {
      const work = batch.works.at(position);
      if (work === undefined || batch.isTaken(position)) continue;
      const end = endOf(work, position);
      if (end === undefined) batch.lane.waiting.push(work);
      else outcomes.add(work, end, batch.postedAtMs, this.clock.now() - batch.postedAtMs);
    }
    this.later(outcomes);
  }

  /** For tiny works it asks ahead: a batch must be there when a thread is free. */
  private learn({ duration, waiting }: Lane): void {
    const { threads } = this.options;
    const { batch } = duration;
    const wanted = batch < 2 ? threads : Math.min(DEMAND_MAX, threads * batch * 2);
    // It asks for less only where works wait that had better wait in their order: a single long one is no reason.
    if (wanted < this.demand && (waiting.empty || wanted * 2 > this.demand)) return;
    if (wanted < this.demand * 1.25 && wanted >= this.demand) return;
    this.demand = wanted;
    this.host?.demand(wanted);
  }

  /** Not inside the call that asks for it: whoever calls has its own state to put in order first. */
  private later(outcomes: ThreadOutcomes): void {
    if (outcomes.length > 0) queueMicrotask(() => this.host?.outcomes([outcomes]));
  }
}
