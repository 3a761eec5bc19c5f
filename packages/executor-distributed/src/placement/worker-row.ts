// Owns: one worker: what it has, what was sent there, when it would begin another work.
// Does not own: which work it is given (`choosing`).
// W1. `free` is the capacity less what its unended works need: taken when one is sent, given back when it leaves, both here.

import { InternalError } from "@millrace/core/pure";
import type { SentWork } from "./effects.js";
import type { NeedsClass } from "./needs-class.js";
import { type Amounts, amountsOf, fits } from "./needs.js";
import type { RangeList } from "./range-list.js";
import type { RunRow } from "./run-row.js";
import type { Seat } from "./seat.js";
import type { WorkRow } from "./work-row.js";

/** A slot has this much tiny work ahead of it, so that it never waits for the next frame. */
const PREFILL_MS = 4;
const PREFILL_MAX = 8192;
/** Idle workers stand before all that are busy until some time. */
const IDLE = -2;

export class WorkerRow {
  readonly worker: number;
  readonly epoch: number;
  /** Its row, in which columns of values name it. */
  readonly at: number;
  readonly slots: number;
  readonly capacity: Amounts;
  readonly free: Map<string, number>;
  readonly labels: ReadonlySet<string>;
  readonly seats = new Map<NeedsClass, Seat>();
  /** The same, for what is done after every event. */
  seatList: readonly Seat[] = [];
  readonly works = new Set<WorkRow>();
  paused = false;
  retiring = false;
  /** Its resources are for these, and nothing else that needs any of the same (`reserving`). */
  keptFor: NeedsClass | undefined;
  begun = 0;
  /** Of those that have begun: when they are taken to end, added up. */
  endsMs = 0;
  /** Of those that have not: how long they take, added up. */
  unbegunMs = 0;
  storedBytes = 0;
  storedCount = 0;
  /** While a worker is chosen: how much of the inputs it has. */
  inputBytes = 0;
  /** Its free slots, as they are counted in the sum of all. */
  idleSlots = 0;
  outgoing: SentWork[] = [];
  readonly drops = new Map<RunRow, RangeList>();

  constructor(
    worker: number,
    epoch: number,
    at: number,
    slots: number,
    resources: Readonly<Record<string, number>>,
    labels: readonly string[],
  ) {
    this.worker = worker;
    this.epoch = epoch;
    this.at = at;
    this.slots = slots;
    this.capacity = amountsOf(resources);
    this.free = new Map(this.capacity);
    this.labels = new Set(labels);
  }

  get isOpen(): boolean {
    return !this.paused && !this.retiring;
  }

  get isIdle(): boolean {
    return this.works.size < this.slots;
  }

  get unbegun(): number {
    return this.works.size - this.begun;
  }

  /** One more than its slots; of tiny works as many as keep it busy for a while. */
  get hasRoom(): boolean {
    if (this.works.size < this.slots) return true;
    return this.unbegunMs < PREFILL_MS * this.slots && this.unbegun < PREFILL_MAX * this.slots;
  }

  takes(of: NeedsClass): boolean {
    return this.isOpen && this.hasRoom && fits(of.amounts, this.free) && !this.isKeptFrom(of);
  }

  isKeptFrom(of: NeedsClass): boolean {
    return this.keptFor?.competesWith(of) === true;
  }

  /** Orders workers by when they would begin another work; time alone does not change it. */
  key(nowMs: number): number {
    if (this.isIdle) return IDLE + this.works.size / (this.slots + 1);
    const unused = Math.max(0, this.slots - this.begun) * nowMs;
    return Math.max(0, (this.endsMs + this.unbegunMs + unused) / this.slots);
  }

  /** How long a work would wait here, or wait that is here (`without` itself). What is overdue is taken to need as long again. */
  queueMs(nowMs: number, without = 0): number {
    return this.isIdle ? 0 : Math.abs(this.key(nowMs) - without / this.slots - nowMs);
  }

  /** W1. */
  accept(work: WorkRow, seat: Seat): void {
    work.place = "sent";
    work.seat = seat;
    this.works.add(work);
    for (const [name, amount] of seat.of.amounts) this.changeFree(name, -amount);
    this.unbegunMs += work.estimateMs;
    seat.unbegun.add(work);
  }

  begin(work: WorkRow, nowMs: number): void {
    if (work.place === "sent") work.seat?.unbegun.remove(work);
    work.place = "begun";
    work.begunAtMs = nowMs;
    this.begun++;
    this.endsMs += nowMs + work.estimateMs;
    this.lessUnbegun(work);
  }

  recall(work: WorkRow): void {
    work.place = "recalled";
    work.seat?.unbegun.remove(work);
  }

  /** It is here no more, whatever the cause: the only place where resources come back (W1). */
  release(work: WorkRow): void {
    this.works.delete(work);
    for (const [name, amount] of work.lane.of.amounts) this.changeFree(name, amount);
    if (work.place === "begun") {
      this.begun--;
      this.endsMs = this.begun === 0 ? 0 : this.endsMs - work.begunAtMs - work.estimateMs;
    } else {
      if (work.place === "sent") work.seat?.unbegun.remove(work);
      this.lessUnbegun(work);
    }
    work.seat = undefined;
  }

  private lessUnbegun({ estimateMs }: WorkRow): void {
    this.unbegunMs = this.unbegun === 0 ? 0 : this.unbegunMs - estimateMs;
  }

  private changeFree(name: string, by: number): void {
    const free = (this.free.get(name) ?? 0) + by;
    if (free < 0) throw new InternalError(`worker ${this.worker} has ${free} of ${name} free`);
    this.free.set(name, free);
  }
}
