// Owns: the waiting works of one run, one kind of needs and one priority, as they came.
// L1. A lane stands in its level's heap if and only if it has a work; its key is how many works of its run are sent.

import { Heap, type Heaped } from "./heap.js";
import type { NeedsClass } from "./needs-class.js";
import type { RunRow } from "./run-row.js";
import type { WorkRow } from "./work-row.js";

export class Lane implements Heaped {
  heapAt = -1;
  key: number;
  tie: number;
  readonly run: RunRow;
  readonly of: NeedsClass;
  readonly level: Level;
  readonly works = new Heap<WorkRow>();

  constructor(run: RunRow, of: NeedsClass, level: Level) {
    this.run = run;
    this.of = of;
    this.level = level;
    this.key = run.sent;
    this.tie = run.order;
  }
}

/** The lanes of one priority: the run that has least at the workers goes first, then the one that was opened first. */
export class Level {
  readonly priority: number;
  readonly lanes = new Heap<Lane>();

  constructor(priority: number) {
    this.priority = priority;
  }
}
