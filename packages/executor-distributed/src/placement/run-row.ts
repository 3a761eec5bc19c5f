// Owns: one run: its works that are unanswered, its lanes, and the pages of its values.

import type { Lane } from "./lane.js";
import type { NeedsClass } from "./needs-class.js";
import type { ValuePage } from "./value-page.js";
import type { WorkRow } from "./work-row.js";

export class RunRow {
  readonly run: number;
  /** In which runs were opened. */
  readonly order: number;
  /** By task run: one attempt of each is open at a time. */
  readonly works = new Map<number, WorkRow>();
  readonly lanes: Lane[] = [];
  readonly pages = new Map<number, ValuePage>();
  /** Works that are at a worker. */
  sent = 0;
  closed = false;
  /** Of which kinds of needs nobody has it was told that, by the `seated` that they had. */
  readonly warned = new Map<NeedsClass, number>();

  constructor(run: number, order: number) {
    this.run = run;
    this.order = order;
  }

  /** Fair share: the runs that have more at the workers stand behind. */
  noteSent(count: number): void {
    this.sent += count;
    for (const lane of this.lanes) {
      if (lane.heapAt >= 0) lane.level.lanes.move(lane, this.sent, this.order);
      else lane.key = this.sent;
    }
  }
}
