// Owns: checking the scheduler of each run on the hostile executor: after every event against a recomputation, and at the end
// by replaying its events.

import {
  type EdgeInput,
  FlowGraph,
  FlowScheduler,
  type FlowRunId,
  type GraphChunk,
  type SchedulerEvent,
  stateHash,
  stateName,
  validate,
  type Watch,
} from "@millrace/core/seam";

type CheckedRun = {
  readonly events: { readonly event: SchedulerEvent; readonly nowMs: number }[];
  /** Of a graph that the run forgets from: what a journal would have. */
  recorded: FlowGraph | undefined;
  scheduler: FlowScheduler | undefined;
  replayed: boolean;
};

export class CheckedRuns implements Watch {
  readonly stepsMax: number;
  /** Events after which a scheduler was checked. */
  checked = 0;
  private readonly runs = new Map<FlowRunId, CheckedRun>();
  private readonly numbers = new Map<FlowRunId, number>();
  private readonly onTrace: ((line: string) => void) | undefined;
  private readonly onReached: ((what: string) => void) | undefined;
  private hash = 0x811c9dc5;

  /** `onReached`: each transition of a task run. */
  constructor(stepsMax: number, onTrace?: (line: string) => void, onReached?: (what: string) => void) {
    this.stepsMax = stepsMax;
    this.onTrace = onTrace;
    this.onReached = onReached;
  }

  /** Of all events so far, as 8 hex digits: FNV-1a. */
  get trace(): string {
    return (this.hash >>> 0).toString(16).padStart(8, "0");
  }

  readonly onEvent = (run: FlowRunId, scheduler: FlowScheduler, event: SchedulerEvent, nowMs: number): void => {
    const known = this.runOf(run);
    if (known.scheduler === undefined && this.onReached !== undefined) noteTransitions(scheduler, this.onReached);
    known.scheduler = scheduler;
    known.events.push({ event: asRecorded(event, known.recorded), nowMs });
    this.note(run, scheduler, event, nowMs);
    validate(scheduler.state);
    this.checked++;
    if (!scheduler.state.idle || known.replayed) return;
    known.replayed = true;
    this.replay(known, scheduler);
  };

  private note(run: FlowRunId, { state }: FlowScheduler, event: SchedulerEvent, nowMs: number): void {
    const number = this.numbers.get(run) ?? this.numbers.size + 1;
    this.numbers.set(run, number);
    const { open, unfinished, effects } = state;
    const asked = effects.map(({ kind }) => kind).join(",");
    const line = `${nowMs.toFixed(3)} run ${number} ${told(event)}: ${open} open, ${unfinished} unfinished; ${asked}`;
    for (let i = 0; i < line.length; i++) this.hash = Math.imul(this.hash ^ line.charCodeAt(i), 0x01000193);
    this.onTrace?.(line);
  }

  /** Before the run is told. */
  record(run: FlowRunId, { graph, first, end }: GraphChunk): void {
    const known = this.runOf(run);
    known.recorded ??= new FlowGraph();
    for (let node = first; node < end; node++) {
      const edges: EdgeInput[] = [];
      for (let edge = graph.inFirst(node); edge < graph.inEnd(node); edge++)
        edges.push({ from: graph.from(edge), flags: graph.flags(edge) });
      known.recorded.addNode(graph.spec(node), graph.args(node), edges);
    }
  }

  /** Of runs that have ended. */
  ended(): readonly (readonly [FlowRunId, FlowScheduler])[] {
    return [...this.runs].flatMap(([run, { scheduler }]) =>
      scheduler?.state.idle === true ? [[run, scheduler] as const] : [],
    );
  }

  /** Its values are gone: there is nothing more to look at. */
  left(run: FlowRunId): void {
    this.runs.delete(run);
  }

  /** What stands still though nothing more will come, and nothing is waited for. */
  standing(): readonly string[] {
    const found: string[] = [];
    for (const [run, { scheduler }] of this.runs) {
      const state = scheduler?.state;
      if (state === undefined || state.finished || state.limit === 0) continue;
      if (state.lastSeen || state.unfinished > 0) found.push(`run ${run} stands still`);
    }
    return found;
  }

  private runOf(run: FlowRunId): CheckedRun {
    let known = this.runs.get(run);
    if (known === undefined) {
      known = { events: [], recorded: undefined, scheduler: undefined, replayed: false };
      this.runs.set(run, known);
    }
    return known;
  }

  private replay({ events }: CheckedRun, { state }: FlowScheduler): void {
    const again = new FlowScheduler(this.stepsMax);
    for (const { event, nowMs } of events) again.handle(event, nowMs, []);
    if (stateHash(again.state) !== stateHash(state)) throw new Error("replaying the events gives other states");
  }
}

function asRecorded(event: SchedulerEvent, graph: FlowGraph | undefined): SchedulerEvent {
  if (event.kind !== "graphExtended" || graph === undefined) return event;
  return { kind: "graphExtended", chunk: { ...event.chunk, graph } };
}

/** What an event is about, in a few words. */
function told(event: SchedulerEvent): string {
  if (event.kind !== "outcomes") return event.kind;
  const ends = event.batches.flatMap((batch) =>
    Array.from({ length: batch.length }, (_, i) => {
      const { taskRun, attempt, result } = batch.at(i);
      return `${taskRun}/${attempt} ${result.end}`;
    }),
  );
  return `outcomes ${ends.join(", ")}`;
}

function noteTransitions({ state }: FlowScheduler, onReached: (what: string) => void): void {
  const transition = state.transition.bind(state);
  const transitionRange = state.transitionRange.bind(state);
  const note = (from: number, to: number): void => onReached(`task run ${stateName(from)} > ${stateName(to)}`);
  state.transition = (row, to, cause) => {
    note(state.table.state(row), to);
    transition(row, to, cause);
  };
  state.transitionRange = (first, count, from, to) => {
    note(from, to);
    transitionRange(first, count, from, to);
  };
}
