// Owns: which pairs of a state and an event a worker is about to meet, for a tally.

import type { WorkAt, WorkerEvent, WorkerState } from "@millrace/distributed/seam";
import { nameKey } from "@millrace/distributed/seam";

/** States of works: `none`: it is not here. */
export const WORK_STATES = ["none", "fetching", "ready", "running"] as const;

export function workerPairs(state: WorkerState, event: WorkerEvent): readonly string[] {
  const stateOf = ({ run, taskRun, attempt }: WorkAt): string =>
    state.runs.get(run)?.works.get(nameKey(taskRun, attempt))?.state ?? "none";
  const all = (): readonly string[] =>
    [...state.runs.values()].flatMap((run) => [...run.works.values()].map((row) => row.state));
  switch (event.kind) {
    case "works":
      return Array.from({ length: event.batch.length }, (_, i) => {
        const { taskRun, attempt } = event.batch.at(i);
        return `${stateOf({ run: event.batch.run.id, taskRun, attempt })}/works`;
      });
    case "cancelWorks":
    case "takeBack":
      return event.works.map((work) => `${stateOf(work)}/${event.kind}`);
    case "ended":
      return [`${stateOf(event.work)}/ended`];
    case "drop":
      return [...(state.runs.get(event.run)?.works.values() ?? [])].map((row) => `${row.state}/drop`);
    case "drain":
    case "forget":
      return all().map((of) => `${of}/${event.kind}`);
    case "fetched":
    case "progress":
    case "fetchEnded":
      return [`${state.transfers.requests.has(event.request) ? "asked" : "over"}/${event.kind}`];
    case "release":
    case "ask":
    case "peerGone":
    case "memory":
    case "woke":
      return [event.kind];
    default:
      return event satisfies never;
  }
}
