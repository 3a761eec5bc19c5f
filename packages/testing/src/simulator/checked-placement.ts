// Owns: a placement that derives again all that it keeps after each of its events.

import {
  needsKey,
  type PlacedWork,
  Placement,
  type PlacementEffect,
  type PlacementEvent,
  validatePlacement,
  type WorkName,
} from "@millrace/distributed/seam";

export class CheckedPlacement extends Placement {
  private readonly note: (what: string) => void;
  /** What stands for equal needs. */
  private readonly keys = new WeakMap<object, string>();

  /** `note`: each pair of a work's place and an event that happens. */
  constructor(note: (what: string) => void) {
    super();
    this.note = note;
  }

  override handle(event: PlacementEvent, nowMs: number, effects: PlacementEffect[]): void {
    this.notePairs(event);
    super.handle(event, nowMs, effects);
    validatePlacement(this.state);
    this.checkOrder(effects);
  }

  /** Of works that need the same none was sent while one of a higher priority waits (DIST-7): by the works, not by their heaps. */
  private checkOrder(effects: readonly PlacementEffect[]): void {
    const least = new Map<string, number>();
    let leastOfAll = Number.POSITIVE_INFINITY;
    for (const effect of effects)
      for (const { work } of effect.kind === "send" ? effect.works : []) {
        const [key, priority] = [this.keyOf(work), priorityOf(work)];
        least.set(key, Math.min(priority, least.get(key) ?? priority));
        leastOfAll = Math.min(leastOfAll, priority);
      }
    for (const run of this.state.runs.values())
      for (const { place, facts } of run.works.values()) {
        const priority = priorityOf(facts);
        if (place !== "waiting" || priority <= leastOfAll) continue;
        const sent = least.get(this.keyOf(facts)) ?? priority;
        if (priority > sent) throw new Error(`a work of priority ${priority} waits, and one of ${sent} was sent`);
      }
  }

  /** How many values a worker holds. */
  storedAt(worker: number): number {
    return this.state.workers.get(worker)?.storedCount ?? 0;
  }

  private keyOf({ needs }: PlacedWork): string {
    if (needs === undefined) return "";
    let key = this.keys.get(needs);
    if (key === undefined) {
      key = needsKey(needs);
      this.keys.set(needs, key);
    }
    return key;
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

const priorityOf = ({ priority = 0 }: PlacedWork): number => priority;
