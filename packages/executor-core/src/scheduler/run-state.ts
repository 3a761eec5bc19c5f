// Owns: all columns of one run and the small steps on them: reading a row, one legal transition, one tally. No decisions.
// Does not own: what follows from a change (`settle`, `maps`, `value-lifetime`, `dispatching`).
// R1. Every change of state goes through `transition`.
// R2. `open` counts works that are sent and unanswered; `unfinished` counts nodes that are read and not complete.

import { FlowGraph } from "../graph/flow-graph.js";
import type { Change } from "../states/change.js";
import { grownRows } from "../states/state-page.js";
import { type MapShape, StateTable } from "../states/state-table.js";
import type { StoryCause } from "../states/explanation.js";
import { Story } from "../states/story.js";
import { stepText } from "../states/story-words.js";
import { IllegalTransition, isLegal } from "../states/transitions.js";
import type { FailureData } from "../work/failure-data.js";
import { CHILD_BASE, flowRunId, type NodeId, nodeId, PAGE_BITS, PAGE_MASK, PAGE_ROWS } from "../work/ids.js";
import { type FailureCode, isTerminal, STATE, type StateCode } from "../work/kinds.js";
import { InternalError } from "../work/millrace-error.js";
import { PLAIN_FALSE, PLAIN_TRUE, type ValueMeta } from "../work/value-meta.js";
import type { RunTree } from "../work/value-tree.js";
import type { RunFacts, WorkTemplate } from "../work/work.js";
import { Agenda } from "./agenda.js";
import type { Effect } from "./effects.js";
import { Lineage } from "./lineage.js";
import type { MapRecord } from "./map-record.js";
import { ATTEMPT_OVERFLOW, ChildPage, FLAG, NodePage } from "./node-page.js";
import { OpenAsks } from "./open-asks.js";
import { ReadyQueue } from "./ready-queue.js";
import { Releases } from "./releases.js";
import { RetryTimers } from "./retry-timers.js";

/** Tries of a task run, where not the first of the first iteration. */
export type Tries = {
  runCount: number;
  loopCount: number;
  loopValue: unknown;
  dueMs: number;
  /** Of what ran it, in any of its tries (RETRY-8). */
  deaths: readonly FailureData[];
};

export class RunState {
  readonly table = new StateTable();
  readonly story = new Story();
  readonly agenda = new Agenda();
  readonly ready = new ReadyQueue();
  readonly timers = new RetryTimers();
  readonly releases = new Releases();
  readonly asks = new OpenAsks();
  readonly lineage = new Lineage();
  readonly maps = new Map<number, MapRecord>();
  /** Maps over lists of settled refs, by the list. */
  readonly openLists = new Map<number, MapRecord[]>();
  /** Root maps with `maxOpenPipelines`. */
  readonly limitedMaps: MapRecord[] = [];
  /** What structure nodes stand for. */
  readonly trees = new Map<number, RunTree>();
  readonly metas = new Map<number, ValueMeta>();
  readonly tries = new Map<number, Tries>();
  /** Rows that are Running and have no attempt open: what ran them died, and they are sent again. */
  readonly resend = new Set<number>();
  readonly templates: (WorkTemplate | undefined)[][] = [];
  graph = new FlowGraph();
  facts: RunFacts = { id: flowRunId(""), flow: "", name: "", parameters: {} };
  references: Iterable<NodeId> | undefined;
  keepAll = true;
  /** What nobody can ask for any more goes from the graph. */
  ownsGraph = false;
  /** Task runs that were cancelled by themselves, and have not ended or are not read yet. */
  readonly cancelling = new Map<number, string>();
  now = 0;
  /** When outcomes came last. */
  heardMs = 0;
  budget = 0;
  limit = 0;
  open = 0;
  /** Outcomes that came late or twice (the fence in `on-outcomes`). */
  dropped = 0;
  templateCount = 0;
  unfinished = 0;
  /** Nodes below this are read; of nodes below `known` the run has heard. */
  read = 0;
  known = 0;
  lastSeen = false;
  cancelReason: string | undefined;
  /** More of the queue turned out to wait than one event looks at. */
  passedOver = false;
  finished = false;
  idle = false;
  /** It was told that it can make no more progress. */
  stuck = false;
  effects: Effect[] = [];
  changes: Change[] | undefined;
  /** Nodes that were completed, while somebody listens. */
  ends: NodeId[] | undefined;
  /** What the last `wakeAt` said, until it has come. */
  wakeAtMs = Number.POSITIVE_INFINITY;
  /** Undefined: all its nodes were forgotten. */
  private readonly nodePages: (NodePage | undefined)[] = [];
  /** Null: sealed, nothing may be written any more. */
  private readonly childPages: (ChildPage | undefined | null)[] = [];
  private nextChildPage = 0;
  private readonly bigAttempts = new Map<number, number>();

  /** Nodes that are put before their graph is known, and nodes of a graph, have rows from here on. */
  expectNodes(end: number): void {
    this.table.expectNodes(end);
    for (let number = Math.max(0, this.nodePages.length - 1); number * PAGE_ROWS < end; number++) {
      const rows = Math.min(PAGE_ROWS, end - number * PAGE_ROWS);
      const page = this.nodePages[number];
      if (page === undefined && number < this.nodePages.length) continue;
      if (page === undefined) this.nodePages.push(new NodePage(rows));
      else if (page.rows < rows) this.nodePages[number] = page.grown(grownRows(page.rows, rows));
    }
  }

  nodePage(node: number): NodePage {
    const page = this.nodePages[node >>> PAGE_BITS];
    if (page === undefined) throw new InternalError(`no page for node ${node}`);
    return page;
  }

  childPage(row: number): ChildPage {
    const number = (row - CHILD_BASE) >>> PAGE_BITS;
    const page = this.childPages[number];
    if (page === null) throw new InternalError(`row ${row} stands in a sealed page`);
    if (page !== undefined) return page;
    const map = this.table.mapOfRow(row);
    if (map === undefined) throw new InternalError(`row ${row} belongs to no map`);
    const made = new ChildPage(Math.min(PAGE_ROWS, map.width - (CHILD_BASE + number * PAGE_ROWS - map.first)));
    this.childPages[number] = made;
    return made;
  }

  isSealed(row: number): boolean {
    return this.childPages[(row - CHILD_BASE) >>> PAGE_BITS] === null;
  }

  dropChildPage(row: number): void {
    const number = (row - CHILD_BASE) >>> PAGE_BITS;
    // The names of what may have to be made again stay.
    if (!this.lineage.on) this.childPages[number] = null;
    this.table.sealChildPage(number);
  }

  /** Of a map that nobody can ask about any more. */
  forgetChildPages({ first, width }: MapShape): void {
    const page = (first - CHILD_BASE) >>> PAGE_BITS;
    for (let i = 0; i * PAGE_ROWS < width; i++) this.childPages[page + i] = null;
  }

  /** The number of the first page for so many children. */
  takeChildPages(width: number): number {
    const first = this.nextChildPage;
    this.nextChildPage += Math.max(1, Math.ceil(width / PAGE_ROWS));
    return first;
  }

  get childPagesTaken(): number {
    return this.nextChildPage;
  }

  flags(node: number): number {
    if (this.isDropped(node)) return FLAG.complete | FLAG.letGo | FLAG.released | FLAG.forgotten;
    return this.nodePage(node).flags[node & PAGE_MASK] ?? 0;
  }

  /** It was over and forgotten, with all nodes of its page. */
  isDropped(node: number): boolean {
    const number = node >>> PAGE_BITS;
    return this.nodePages[number] === undefined && number < this.nodePages.length;
  }

  /** Of a graph that is the run's own: nobody can ask about the node any more. */
  forgetNode(node: number): void {
    this.graph.forget(node);
    this.table.forget(node);
    if ((this.flags(node) & FLAG.meta) !== 0) this.metas.delete(node);
    const page = this.nodePage(node);
    page.gone++;
    if (page.gone < PAGE_ROWS) return;
    const number = node >>> PAGE_BITS;
    this.nodePages[number] = undefined;
    this.table.dropNodePage(number);
    // Pipelines are walked along edges whose ends may be over.
    this.graph.dropPage(number, this.limitedMaps.length === 0);
  }

  setFlag(node: number, flag: number): void {
    const flags = this.nodePage(node).flags;
    flags[node & PAGE_MASK] = (flags[node & PAGE_MASK] ?? 0) | flag;
  }

  clearFlag(node: number, flag: number): void {
    const flags = this.nodePage(node).flags;
    flags[node & PAGE_MASK] = (flags[node & PAGE_MASK] ?? 0) & ~flag;
  }

  isComplete(node: number): boolean {
    return (this.flags(node) & FLAG.complete) !== 0;
  }

  /** The attempt that was sent last; 0 if none was. */
  attempt(row: number): number {
    const page =
      row < CHILD_BASE ? this.nodePages[row >>> PAGE_BITS] : this.childPages[(row - CHILD_BASE) >>> PAGE_BITS];
    const small = page?.attempt[row & PAGE_MASK] ?? 0;
    return small === ATTEMPT_OVERFLOW ? (this.bigAttempts.get(row) ?? small) : small;
  }

  nextAttempt(row: number): number {
    const column = row < CHILD_BASE ? this.nodePage(row).attempt : this.childPage(row).attempt;
    const next = this.attempt(row) + 1;
    if (next < ATTEMPT_OVERFLOW) column[row & PAGE_MASK] = next;
    else {
      column[row & PAGE_MASK] = ATTEMPT_OVERFLOW;
      this.bigAttempts.set(row, next);
    }
    return next;
  }

  /** Running, with an attempt that is not answered. */
  isSent(row: number): boolean {
    return this.table.state(row) === STATE.Running && !this.resend.has(row);
  }

  /** R1. `cause`: where the two states do not say it. Throws `INTERNAL` where the table of transitions does not allow it. */
  transition(row: number, to: StateCode, cause?: StoryCause): void {
    const page = this.table.writable(row);
    const from = page.state[row & PAGE_MASK] ?? 0;
    if (!isLegal(from, to)) throw this.illegal(row, from, to);
    page.state[row & PAGE_MASK] = to;
    if (this.resend.size > 0) this.resend.delete(row);
    if (this.story.takes(from, to)) this.story.note(row, from, to, this.attempt(row), this.now, cause);
    if (this.changes !== undefined) this.noteChange(row, 1, to);
  }

  /** What becomes of a row without a transition: it is sent again, or waits for what was lost. */
  noteStory(row: number, cause: StoryCause): void {
    const state = this.table.state(row);
    this.story.note(row, state, state, this.attempt(row), this.now, cause);
  }

  private illegal(row: number, from: number, to: StateCode): IllegalTransition {
    return new IllegalTransition(this.rowName(row), from, to, this.story.of(row).map(stepText));
  }

  /** The same for consecutive children of one map, which are all in `from`. */
  transitionRange(first: number, count: number, from: StateCode, to: StateCode): void {
    if (!isLegal(from, to)) throw this.illegal(first, from, to);
    for (let row = first; row < first + count; ) {
      const { state } = this.table.writable(row);
      const at = row & PAGE_MASK;
      const end = Math.min(at + first + count - row, PAGE_ROWS);
      for (let i = at; i < end; i++)
        if (state[i] !== from) throw new InternalError(`${this.rowName(row + i - at)} is elsewhere`);
      state.fill(to, at, end);
      row += end - at;
    }
    this.story.noteRange(first, count, from, to, this.now);
    if (this.changes !== undefined) this.noteChange(first, count, to);
  }

  noteChange(row: number, count: number, state: StateCode): void {
    const changes = this.changes;
    if (changes === undefined) return;
    const map = this.table.mapOfRow(row);
    if (map === undefined) {
      changes.push({ node: nodeId(row), index: undefined, count, state });
      return;
    }
    const index = row - map.first;
    const last = changes[changes.length - 1];
    if (
      last?.index !== undefined &&
      last.node === map.node &&
      last.state === state &&
      last.index + last.count === index
    )
      changes[changes.length - 1] = { ...last, count: last.count + count };
    else changes.push({ node: map.node, index, count, state });
  }

  fail(row: number, state: FailureCode, failure: FailureData | undefined, cause?: StoryCause): void {
    this.transition(row, state, cause);
    if (failure !== undefined) this.table.failures.set(row, failure);
  }

  /** The map whose child that is; undefined also where nobody can ask about the map any more. */
  mapOf(row: number): MapRecord | undefined {
    const shape = this.table.mapOfRow(row);
    return shape === undefined ? undefined : this.maps.get(shape.node);
  }

  isTerminal(row: number): boolean {
    return isTerminal(this.table.state(row));
  }

  /** What is known of a task's value; of a structure's, where it was worked out. */
  metaOf(node: number): ValueMeta | undefined {
    const flags = this.flags(node);
    if ((flags & FLAG.meta) !== 0) return this.metas.get(node);
    return (flags & FLAG.falsy) !== 0 ? PLAIN_FALSE : PLAIN_TRUE;
  }

  setMeta(node: number, meta: ValueMeta | undefined): void {
    if (meta === PLAIN_TRUE) return;
    if (meta === PLAIN_FALSE) this.setFlag(node, FLAG.falsy);
    else {
      this.setFlag(node, FLAG.meta);
      if (meta !== undefined) this.metas.set(node, meta);
    }
  }

  /** For people: a node's slug, a child's with its index. */
  rowName(row: number): string {
    const map = this.table.mapOfRow(row);
    return map === undefined ? this.graph.slug(row) : `${this.graph.slug(map.node)}[${row - map.first}]`;
  }
}
