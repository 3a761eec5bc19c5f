// Owns: a work that is here and unanswered: where it stands. One object for each; what it was sent with is kept as it came.

import type { PlacedWork, WorkName } from "./events.js";
import type { Heaped } from "./heap.js";
import type { Lane } from "./lane.js";
import type { Seat } from "./seat.js";

/** waiting: nowhere. sent: at a worker, not begun as far as is known. recalled: the same, and asked back. */
export type WorkPlace = "waiting" | "sent" | "recalled" | "begun";

export class WorkRow implements Heaped {
  heapAt = -1;
  /** As they came. */
  key: number;
  tie = 0;
  readonly lane: Lane;
  readonly facts: PlacedWork;
  place: WorkPlace = "waiting";
  seat: Seat | undefined;
  /** What it is taken to need on its worker. */
  estimateMs = 0;
  begunAtMs = 0;
  /** Neighbours among what its seat's worker has not begun. */
  before: WorkRow | undefined;
  after: WorkRow | undefined;

  constructor(lane: Lane, facts: PlacedWork, order: number) {
    this.lane = lane;
    this.facts = facts;
    this.key = order;
  }

  get name(): WorkName {
    return { run: this.lane.run.run, taskRun: this.facts.taskRun, attempt: this.facts.attempt };
  }
}
