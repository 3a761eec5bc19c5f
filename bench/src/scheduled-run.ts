// Owns: driving a `FlowScheduler` with events alone: every work that it sends comes back at once with a number as its value.
// Does not own: time and user code: there are none.
import {
  type Effect,
  type FlowGraph,
  flowRunId,
  FlowScheduler,
  LocalValues,
  metaOf,
  nodeId,
  type SchedulerEvent,
  SingleOutcome,
  type WorkBatch,
} from "@millrace/core/internal";

const SLOTS = 16;
const DURATIONS = 13;
const START_MS = 1_800_000_000_000;

export class ScheduledRun {
  readonly scheduler = new FlowScheduler();
  readonly id = flowRunId("bench");
  released = 0;
  private readonly store = new LocalValues();
  private readonly values = this.store.of(this.id);
  private sent: WorkBatch[] = [];
  private isAwake = false;
  private nowMs = START_MS;

  /** `keep`: whether values outlive their last use. */
  constructor(keep: boolean) {
    const run = { id: this.id, flow: "bench", name: "bench", parameters: {} };
    this.handle({ kind: "started", run, references: undefined, ownsGraph: false, canLose: false });
    this.handle({ kind: "handlesChanged", keep: keep ? "all" : [], forget: [] });
  }

  /** A node without a task has this value. */
  put(node: number, value: unknown): void {
    this.handle({ kind: "put", node: nodeId(node), meta: metaOf(value) });
  }

  /** The run stays open: more could come. */
  extend(graph: FlowGraph): void {
    this.handle({ kind: "graphExtended", chunk: { graph, first: 0, end: graph.size, last: false } });
  }

  demand(): void {
    this.handle({ kind: "demand", limit: SLOTS });
  }

  /** Until nothing is sent and nothing is left to do. */
  finish(): void {
    this.demand();
    while (this.sent.length > 0 || this.isAwake) {
      if (this.sent.length === 0) this.wake();
      else this.answer(this.sent);
    }
  }

  handle(event: SchedulerEvent): void {
    const effects: Effect[] = [];
    this.scheduler.handle(event, this.nowMs, effects);
    for (const effect of effects) this.perform(effect);
  }

  private wake(): void {
    this.isAwake = false;
    this.handle({ kind: "woke" });
  }

  private answer(batches: readonly WorkBatch[]): void {
    this.sent = [];
    this.nowMs++;
    for (const batch of batches) {
      for (let i = 0; i < batch.length; i++) {
        const { taskRun, attempt } = batch.at(i);
        // Not all alike: a column of equal numbers is one number.
        const durationMs = taskRun % DURATIONS;
        this.values.set(taskRun, attempt, taskRun);
        const value = { end: "value", value: metaOf(taskRun) } as const;
        this.handle({
          kind: "outcomes",
          batches: [new SingleOutcome(this.id, taskRun, attempt, this.nowMs, durationMs, value)],
        });
      }
    }
  }

  private perform(effect: Effect): void {
    if (effect.kind === "dispatch") this.sent.push(...effect.batches);
    else if (effect.kind === "wakeAt") this.isAwake = effect.atMs <= this.nowMs;
    else if (effect.kind === "release") {
      for (const { first, count, attempt } of effect.values) {
        this.values.delete(first, count, attempt);
        this.released += count;
      }
    }
  }
}
