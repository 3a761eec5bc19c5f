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

  constructor(stepsMax: number) {
    this.stepsMax = stepsMax;
  }

  readonly onEvent = (run: FlowRunId, scheduler: FlowScheduler, event: SchedulerEvent, nowMs: number): void => {
    const known = this.runOf(run);
    known.scheduler = scheduler;
    known.events.push({ event: asRecorded(event, known.recorded), nowMs });
    validate(scheduler.state);
    this.checked++;
    if (!scheduler.state.idle || known.replayed) return;
    known.replayed = true;
    this.replay(known, scheduler);
  };

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
