// Owns: the states of a run as its client has them: columns, made of what the scheduler tells.
// T1. Children have rows of the client's own: what the scheduler calls a child by is not told, and not needed.
// T2. As in the scheduler's table, children of which nothing was told but that all of them ended have no row.

import {
  type Change,
  CHILD_BASE,
  type NodeId,
  PAGE_MASK,
  PAGE_ROWS,
  STATE,
  type StateData,
  StateTable,
  taskRunId,
} from "@millrace/core/pure";
import type { ChangeColumns } from "../../protocol/change-columns.js";
import type { TimeColumns } from "../../protocol/time-columns.js";
import { HeldNodes } from "./held-nodes.js";

export type Ending = { readonly node: NodeId; readonly index: number | undefined; readonly state: StateData };

/** Whether the end of such a row comes with its times. */
export const hasTimes = (state: number): boolean =>
  state === STATE.Success || state === STATE.Failed || state === STATE.TimedOut;

export class ClientTable {
  readonly states = new StateTable();
  readonly held: HeldNodes;
  private readonly endings: Ending[] = [];
  private childPages = 0;
  private timed = 0;

  /** `onGone`: a node that `held` has let go of. */
  constructor(onGone: (node: number) => void = () => undefined) {
    this.held = new HeldNodes(this.states, onGone);
  }

  /** Gives them as they are told on: of a map, the one node that became Mapped. */
  apply(changes: ChangeColumns, times: TimeColumns): readonly Change[] {
    const told: Change[] = [];
    this.timed = 0;
    for (let i = 0; i < changes.length; i++) {
      const change = changes.at(i);
      if (this.held.isGone(change.node)) {
        this.skip(change);
        continue;
      }
      if (change.state === STATE.Mapped) this.addMap(change.node, change.count);
      told.push(change.state === STATE.Mapped ? { ...change, count: 1 } : change);
      this.write(change, times);
    }
    for (const ending of this.endings.splice(0)) this.end(ending);
    return told;
  }

  /** Why task runs have no value: of the changes that come next, which may bring the rows that they belong to. */
  noteEndings(endings: readonly Ending[]): void {
    this.endings.push(...endings);
  }

  private end({ node, index, state }: Ending): void {
    const row = this.held.isGone(node) ? undefined : this.states.rowOf(node, index);
    if (row === undefined) return;
    if (state.state === "Skipped") this.states.skips.set(row, { raised: state.raised, reason: state.reason });
    else if ("failure" in state) this.states.failures.set(row, state.failure);
  }

  private addMap(node: NodeId, width: number): void {
    const first = taskRunId(CHILD_BASE + this.childPages * PAGE_ROWS);
    this.childPages += Math.max(1, Math.ceil(width / PAGE_ROWS));
    this.states.addMap({ node, first, width, unmade: STATE.Pending });
  }

  private write({ node, index, count, state }: Change, times: TimeColumns): void {
    const first = this.states.rowOf(node, index);
    if (first === undefined) return this.skip({ index, count, state });
    const end = index === undefined ? first + 1 : first + count;
    for (let row: number = first; row < end; ) {
      const rows = Math.min(end - row, PAGE_ROWS - (row & PAGE_MASK));
      if (!this.leaveUnmade(row, rows, state))
        this.states.writable(row).state.fill(state, row & PAGE_MASK, (row & PAGE_MASK) + rows);
      if (hasTimes(state)) this.writeTimes(row, rows, times);
      row += rows;
    }
  }

  /** There is no row for it; its times are another's no more for that. */
  private skip({ index, count, state }: Omit<Change, "node">): void {
    if (hasTimes(state)) this.timed += index === undefined ? 1 : count;
  }

  /** T2. */
  private leaveUnmade(row: number, rows: number, state: number): boolean {
    const map = this.states.maps.get(this.states.mapOfRow(row)?.node ?? -1);
    if (map === undefined || state !== STATE.Cancelled || this.states.isMade(row)) return false;
    const pageRows = Math.min(PAGE_ROWS, map.first + map.width - (row - (row & PAGE_MASK)));
    if (rows < pageRows) return false;
    map.unmade = STATE.Cancelled;
    return true;
  }

  private writeTimes(row: number, rows: number, times: TimeColumns): void {
    for (let at = row; at < row + rows && this.timed < times.length; at++, this.timed++) {
      const startedAtMs = times.startedAtMs(this.timed);
      if (startedAtMs <= 0) continue;
      // Columns count from there, in 32 bits.
      if (this.states.startedAtMs === 0) this.states.startedAtMs = startedAtMs;
      this.states.setTimes(at, startedAtMs, times.durationMs(this.timed));
    }
  }
}
