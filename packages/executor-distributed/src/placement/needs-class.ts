// Owns: works that need the same, and the workers that could ever run them.

import type { Needs } from "@millrace/core/pure";
import { Heap } from "./heap.js";
import { Lane, Level } from "./lane.js";
import { type Amounts, amountsOf, fits, needsKey } from "./needs.js";
import type { RunRow } from "./run-row.js";
import { Seat, type SeatQueue } from "./seat.js";
import type { WorkRow } from "./work-row.js";
import type { WorkerRow } from "./worker-row.js";

/** Works that go before one that waits for what they take. */
export const PASSED_MAX = 16;

export class NeedsClass {
  readonly key: string;
  readonly needs: Needs;
  readonly amounts: Amounts;
  /** Workers that would take a work now; the one that would begin it first is the first. */
  readonly open = new Heap<Seat>();
  /** What workers have not begun, the longest first. */
  readonly busy = new Heap<SeatQueue>();
  /** Workers that could ever run it, whatever they do now. */
  eligible = 0;
  /** Works of this kind that are here, and those of them that wait. */
  works = 0;
  waiting = 0;
  /** Works that have taken what it waits for since one of it was sent; and the worker that is kept for it (`reserving`). */
  passed = 0;
  keptAt: WorkerRow | undefined;
  /** Workers that came and could run it: what was warned of before the last one came is warned of anew. */
  seated = 0;
  /** Every run whose works of this kind wait was looked at. */
  isWarned = false;
  /** Highest priority first. */
  private readonly levels: Level[] = [];

  constructor(needs: Needs) {
    this.key = needsKey(needs);
    this.needs = needs;
    this.amounts = amountsOf(needs.resources);
  }

  get isPassed(): boolean {
    return this.passed >= PASSED_MAX;
  }

  couldRunOn(worker: WorkerRow): boolean {
    return fits(this.amounts, worker.capacity) && this.needs.labels.every((label) => worker.labels.has(label));
  }

  /** They need the same of a worker. */
  competesWith(other: NeedsClass): boolean {
    if (other === this) return false;
    for (const name of this.amounts.keys()) if (other.amounts.has(name)) return true;
    return false;
  }

  seat(worker: WorkerRow): void {
    if (!this.couldRunOn(worker)) return;
    worker.seats.set(this, new Seat(this, worker));
    worker.seatList = [...worker.seats.values()];
    this.eligible++;
    this.seated++;
    this.isWarned = false;
  }

  laneOf(run: RunRow, priority: number): Lane {
    for (const lane of run.lanes) if (lane.of === this && lane.level.priority === priority) return lane;
    const lane = new Lane(run, this, this.levelOf(priority));
    run.lanes.push(lane);
    return lane;
  }

  best(): WorkRow | undefined {
    for (const level of this.levels) {
      const lane = level.lanes.first;
      if (lane !== undefined) return lane.works.first;
    }
    return undefined;
  }

  waitingLanes(): readonly Lane[] {
    return this.levels.flatMap(({ lanes }) => [...lanes]);
  }

  wait(work: WorkRow): void {
    const { lane } = work;
    lane.works.add(work);
    this.waiting++;
    if (lane.heapAt >= 0) return;
    lane.level.lanes.add(lane);
    this.isWarned = false;
  }

  leave(work: WorkRow): void {
    const { lane } = work;
    lane.works.remove(work);
    this.waiting--;
    if (lane.works.size > 0) return;
    lane.level.lanes.remove(lane);
    if (lane.level.priority !== 0) this.drop(lane);
  }

  /** A lane of a priority that nothing waits with goes, and its level with the last one: there may be any number of them. */
  private drop(lane: Lane): void {
    const { level, run } = lane;
    run.lanes.splice(run.lanes.indexOf(lane), 1);
    if (level.lanes.size === 0) this.levels.splice(this.levels.indexOf(level), 1);
  }

  private levelOf(priority: number): Level {
    const at = this.levels.findIndex((level) => level.priority <= priority);
    const found = this.levels[at];
    if (found?.priority === priority) return found;
    const level = new Level(priority);
    this.levels.splice(at < 0 ? this.levels.length : at, 0, level);
    return level;
  }
}
