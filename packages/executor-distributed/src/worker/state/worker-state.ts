// Owns: a worker, pure: which works begin when, what is fetched from whom for them, which values are here and for how long.
// Does not own: user code, bytes, sockets, disks, time.
// W1. A work begins when its inputs are here and a slot is free, in the order in which works came. From then on it has begun,
//     before any of its code is loaded.
// W2. Nothing waits for what nobody has: a work whose input is not to be had is given back with that name (design 6).
// W3. Each work that came is answered once: with its outcome, or given back.
// W4. A value is kept until its name is released and no work that is here reads it, or its run is over.

import type { FlowRunId, ValueRange } from "@millrace/core/pure";
import { readsOfTree, readsOfWork } from "@millrace/core/pure";
import type { WorkerEffect } from "./effects.js";
import type { FetchedValue, OrderEvent, OwnEvent, WorkAt, WorkerEvent } from "./events.js";
import { levelAt, type MemoryLevel, spillBytes } from "./memory-ladder.js";
import { keysOf, nameKey, rangeOfKey } from "./names.js";
import { HolderIndex } from "./holder-index.js";
import { ReadyWorks } from "./ready-works.js";
import { type AskRow, RunAtWorker, type WorkRow } from "./run-at-worker.js";
import { Transfers } from "./transfers.js";

export type WorkerOptions = { readonly slots: number; readonly memoryMax: number };

export class WorkerState {
  readonly runs = new Map<FlowRunId, RunAtWorker>();
  readonly transfers = new Transfers<WorkRow | AskRow>((row, value) => this.onMissing(row, value));
  readonly ready = new ReadyWorks();
  running = 0;
  level: MemoryLevel = "free";
  readonly options: WorkerOptions;
  private effects: WorkerEffect[] = [];
  private nowMs = 0;
  private order = 0;
  private draining = false;
  /** Bytes that are to go to disk and have not. */
  private spillAsked = 0;
  private wakeAtMs = Number.POSITIVE_INFINITY;

  constructor(options: WorkerOptions) {
    this.options = options;
  }

  /** Appends to `effects`, a fresh array for each event. */
  handle(event: WorkerEvent, nowMs: number, effects: WorkerEffect[]): void {
    this.effects = effects;
    this.nowMs = nowMs;
    this.take(event);
    this.transfers.expire(nowMs, effects);
    this.transfers.start(nowMs, effects);
    this.beginReady();
    this.askToWake();
  }

  private take(event: WorkerEvent): void {
    switch (event.kind) {
      case "ended":
      case "fetched":
      case "progress":
      case "fetchEnded":
      case "memory":
      case "woke":
        return this.takeOwn(event);
      default:
        return this.takeOrder(event);
    }
  }

  private takeOwn(event: OwnEvent): void {
    switch (event.kind) {
      case "ended":
        return this.onEnded(event);
      case "fetched": {
        const asked = this.transfers.requests.get(event.request)?.keys;
        const tookMs = this.transfers.tookMs(event.request, this.nowMs) / Math.max(1, event.values.length);
        for (const value of event.values) this.onFetched(event.run, asked, value, tookMs);
        return;
      }
      case "progress":
        return this.transfers.progress(event.request, event.bytes, this.nowMs);
      case "fetchEnded":
        return this.transfers.requestEnded(event.request, new Set(keysOf(event.missing)));
      case "memory":
        return this.onMemory(event.bytes);
      case "woke":
        this.wakeAtMs = Number.POSITIVE_INFINITY;
        return;
      default:
        return event satisfies never;
    }
  }

  private takeOrder(event: OrderEvent): void {
    switch (event.kind) {
      case "works":
        return this.onWorks(event);
      case "cancelWorks":
        for (const work of event.works) this.cancel(work, event.reason);
        return;
      case "takeBack":
        for (const work of event.works) this.takeBack(work);
        return;
      case "release":
        return this.release(event.run, event.values);
      case "ask":
        return this.onAsk(event);
      case "drop":
        return this.dropRun(event.run);
      case "peerGone":
        return this.transfers.peerGone(event.worker, this.effects);
      case "drain":
        return this.drain();
      case "forget":
        for (const run of this.runs.keys()) this.dropRun(run);
        this.transfers.dropAll(this.effects);
        return;
      default:
        return event satisfies never;
    }
  }

  private onWorks({ batch, holders }: Extract<OrderEvent, { kind: "works" }>): void {
    const run = this.runOf(batch.run.id);
    const index = new HolderIndex(holders);
    for (let i = 0; i < batch.length; i++) {
      const work = batch.at(i);
      const key = nameKey(work.taskRun, work.attempt);
      if (run.works.has(key)) continue;
      const row: WorkRow = {
        run: run.id,
        key,
        batch,
        i,
        work,
        order: ++this.order,
        state: "fetching",
        reads: [...new Set(keysOf(readsOfWork(batch.template, work)))],
        wants: new Set(),
      };
      run.works.set(key, row);
      run.addReader(row.reads);
      if (this.draining) this.giveBack(row, "leaving", []);
      else this.wantAll(run, row, index);
    }
  }

  private onAsk({ run: id, id: ask, tree, question, holders }: Extract<OrderEvent, { kind: "ask" }>): void {
    const run = this.runOf(id);
    const reads = [...new Set(keysOf(readsOfTree(tree)))];
    const row: AskRow = { run: id, id: ask, tree, question, reads, wants: new Set() };
    run.asks.set(ask, row);
    run.addReader(reads);
    this.wantAll(run, row, new HolderIndex(holders));
  }

  private wantAll(run: RunAtWorker, row: WorkRow | AskRow, index: HolderIndex): void {
    for (const key of row.reads) if (!run.held.has(key)) row.wants.add(key);
    if (row.wants.size === 0) return this.complete(row);
    for (const key of row.wants) this.transfers.want(run.id, key, index.of(key), row);
  }

  /** All that it reads is here. */
  private complete(row: WorkRow | AskRow): void {
    this.unwish(row);
    if (!("state" in row)) {
      this.effects.push({ kind: "answer", run: row.run, id: row.id });
      return this.endAsk(row);
    }
    row.state = "ready";
    this.ready.add(row);
  }

  private unready(row: WorkRow): void {
    if (row.state === "ready") this.ready.remove(row);
  }

  private unwish(row: WorkRow | AskRow): void {
    for (const key of row.wants) this.transfers.unwant(row.run, key, row, this.effects);
    row.wants.clear();
  }

  /** W2. */
  private onMissing(row: WorkRow | AskRow, value: ValueRange): void {
    this.unwish(row);
    if ("state" in row) return this.giveBack(row, "missing", [value]);
    this.effects.push({ kind: "answerMissing", run: row.run, id: row.id, missing: [value] });
    this.endAsk(row);
  }

  private endAsk(row: AskRow): void {
    const run = this.runs.get(row.run);
    run?.asks.delete(row.id);
    if (run !== undefined) this.unread(run, row.reads);
  }

  /** W4: what was released while this was reading it goes now. */
  private unread(run: RunAtWorker, reads: readonly number[]): void {
    const free = run.dropReader(reads);
    if (free.length > 0) this.dropValues(run, free);
    this.tidy(run);
  }

  private dropValues(run: RunAtWorker, keys: readonly number[]): void {
    for (const key of keys) {
      this.transfers.end(run.id, key, this.effects);
      run.held.delete(key);
    }
    this.effects.push({ kind: "dropValues", run: run.id, values: keys.map(rangeOfKey) });
  }

  private onFetched(
    runId: FlowRunId,
    asked: ReadonlySet<number> | undefined,
    value: FetchedValue,
    tookMs: number,
  ): void {
    const key = nameKey(value.taskRun, value.attempt);
    if (asked?.has(key) !== true || !this.transfers.isUnderWay(runId, key)) {
      // What nobody waits for any more was let go meanwhile, or came from another holder.
      if (this.runs.get(runId)?.held.has(key) !== true)
        this.effects.push({ kind: "dropValues", run: runId, values: [rangeOfKey(key)] });
      return;
    }
    this.runOf(runId).held.set(key, value.bytes);
    this.effects.push({ kind: "tellAdded", run: runId, values: [rangeOfKey(key)], bytes: value.bytes, tookMs });
    for (const row of this.transfers.arrived(runId, key)) {
      // What waits no more has no wants.
      if (row.wants.delete(key) && row.wants.size === 0) this.complete(row);
    }
  }

  /** W1. */
  private beginReady(): void {
    while (this.running < this.options.slots && this.level !== "paused") {
      const row = this.ready.take();
      if (row === undefined) return;
      row.state = "running";
      this.running++;
      this.effects.push({ kind: "tellBegan", work: atOf(row) });
      this.effects.push({ kind: "run", batch: row.batch, i: row.i });
    }
  }

  private onEnded({ work, result, bytes, startedAtMs, durationMs }: Extract<OwnEvent, { kind: "ended" }>): void {
    this.running--;
    const key = nameKey(work.taskRun, work.attempt);
    const run = this.runs.get(work.run);
    const row = run?.works.get(key);
    if (run === undefined || row === undefined) {
      // Its run is over.
      if (result.end === "value") this.effects.push({ kind: "dropValues", run: work.run, values: [rangeOfKey(key)] });
      return;
    }
    run.works.delete(key);
    if (result.end === "value") run.held.set(key, bytes);
    const { taskRun, attempt } = row.work;
    const outcome = { taskRun, attempt, startedAtMs, durationMs, result };
    this.effects.push({ kind: "tellOutcome", run: work.run, outcome, bytes });
    this.unread(run, row.reads);
  }

  private cancel(name: WorkAt, reason: string): void {
    const row = this.find(name);
    if (row === undefined) return;
    if (row.state === "running") this.effects.push({ kind: "cancelRun", work: name, reason });
    else this.giveBack(row, "taken", []);
  }

  private takeBack(name: WorkAt): void {
    const row = this.find(name);
    if (row === undefined) return;
    // One that has begun stays where it is; one that has ended was answered.
    if (row.state === "running") this.effects.push({ kind: "tellBegan", work: name });
    else this.giveBack(row, "taken", []);
  }

  private giveBack(row: WorkRow, because: "taken" | "missing" | "leaving", missing: readonly ValueRange[]): void {
    this.unwish(row);
    this.unready(row);
    const run = this.runs.get(row.run);
    run?.works.delete(row.key);
    this.effects.push({ kind: "tellGivenBack", work: atOf(row), because, missing });
    if (run !== undefined) this.unread(run, row.reads);
  }

  private release(id: FlowRunId, values: readonly ValueRange[]): void {
    const run = this.runs.get(id);
    if (run === undefined) return;
    const free: number[] = [];
    for (const key of keysOf(values)) {
      if (run.readers.has(key)) run.released.add(key);
      else free.push(key);
    }
    if (free.length > 0) this.dropValues(run, free);
    this.tidy(run);
  }

  private dropRun(id: FlowRunId): void {
    const run = this.runs.get(id);
    if (run === undefined) return;
    this.runs.delete(id);
    for (const row of run.works.values()) {
      this.unwish(row);
      if (row.state === "running") this.effects.push({ kind: "cancelRun", work: atOf(row), reason: "the run is over" });
      this.unready(row);
    }
    for (const row of run.asks.values()) this.unwish(row);
    this.transfers.dropRun(id, this.effects);
    this.effects.push({ kind: "dropRun", run: id });
  }

  private drain(): void {
    this.draining = true;
    for (const run of this.runs.values())
      for (const row of run.works.values()) if (row.state !== "running") this.giveBack(row, "leaving", []);
  }

  private onMemory(bytes: number): void {
    const { memoryMax } = this.options;
    const level = levelAt(bytes, memoryMax, this.level);
    const spill = spillBytes(bytes, memoryMax);
    // Once for what it is, until that has gone.
    if (spill > this.spillAsked) this.effects.push({ kind: "spill", bytes: spill - this.spillAsked });
    this.spillAsked = Math.max(spill, spill === 0 ? 0 : this.spillAsked);
    if (level === this.level) return;
    this.level = level;
    this.effects.push({ kind: "tellLevel", level });
  }

  private find({ run, taskRun, attempt }: WorkAt): WorkRow | undefined {
    return this.runs.get(run)?.works.get(nameKey(taskRun, attempt));
  }

  private runOf(id: FlowRunId): RunAtWorker {
    let run = this.runs.get(id);
    if (run === undefined) {
      run = new RunAtWorker(id);
      this.runs.set(id, run);
    }
    return run;
  }

  /** What is left of a run that has nothing here. */
  private tidy(run: RunAtWorker): void {
    if (run.isEmpty) this.runs.delete(run.id);
  }

  private askToWake(): void {
    const atMs = this.transfers.nextDueMs;
    // What was put off is looked at when it would have been due.
    if (atMs === this.wakeAtMs || (atMs > this.wakeAtMs && atMs < Number.POSITIVE_INFINITY)) return;
    this.wakeAtMs = atMs;
    this.effects.push({ kind: "wakeAt", atMs });
  }
}

const atOf = ({ run, work }: WorkRow): WorkAt => ({ run, taskRun: work.taskRun, attempt: work.attempt });
