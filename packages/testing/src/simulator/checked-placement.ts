// Owns: a placement that derives again all that it keeps after each of its events.

import {
  Placement,
  type PlacementEffect,
  type PlacementEvent,
  validatePlacement,
  type WorkName,
} from "@millrace/distributed/seam";

export class CheckedPlacement extends Placement {
  private readonly note: (what: string) => void;

  /** `note`: each pair of a work's place and an event that happens. */
  constructor(note: (what: string) => void) {
    super();
    this.note = note;
  }

  override handle(event: PlacementEvent, nowMs: number, effects: PlacementEffect[]): void {
    this.notePairs(event);
    super.handle(event, nowMs, effects);
    validatePlacement(this.state);
  }

  private notePairs(event: PlacementEvent): void {
    switch (event.kind) {
      case "began":
      case "worksCancelled":
        for (const name of event.works) this.pair(this.placeOf(name), event.kind);
        return;
      case "ended":
        for (const work of event.works) this.pair(this.placeOf(work), `ended ${work.end}`);
        return;
      case "worksArrived":
        for (const { taskRun, attempt } of event.works)
          this.pair(this.placeOf({ run: event.run, taskRun, attempt }), event.kind);
        return;
      case "runClosed":
        for (const { place } of this.state.runs.get(event.run)?.works.values() ?? []) this.pair(place, event.kind);
        return;
      case "workerLost":
      case "workerRetiring":
        for (const { place } of this.state.workers.get(event.worker)?.works ?? []) this.pair(place, event.kind);
        return;
      default:
        this.note(`placement: ${event.kind}`);
    }
  }

  private placeOf({ run, taskRun, attempt }: WorkName): string {
    const work = this.state.runs.get(run)?.works.get(taskRun);
    return work?.facts.attempt === attempt ? work.place : "none";
  }

  private pair(place: string, event: string): void {
    this.note(`placement ${place}/${event}`);
  }
}
