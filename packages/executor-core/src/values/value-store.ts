// Owns: values by their exact name, where they are made: the interface, and the store in the user's own memory.
// V1. A name is (run, task run, attempt): a value of another attempt is never given.

import { CHILD_BASE, type FlowRunId, PAGE_BITS, PAGE_MASK, PAGE_ROWS } from "../work/ids.js";
import { MillraceError } from "../work/millrace-error.js";

export interface ValuesToRead {
  /** Throws `VALUE_LOST` if there is no such value. */
  get(taskRun: number, attempt: number): unknown;
  /** Of so many consecutive task runs, a fresh list. Throws `VALUE_LOST`. */
  getAll(first: number, count: number, attempt: number): unknown[];
}

/** The values of one run. */
export interface RunValues extends ValuesToRead {
  set(taskRun: number, attempt: number, value: unknown): void;
  /** Of consecutive task runs. */
  setAll(first: number, attempt: number, values: ArrayLike<unknown>): void;
  delete(first: number, count: number, attempt: number): void;
}

export interface ValueStore {
  /** The values of a run, made if need be. */
  of(run: FlowRunId): RunValues;
  find(run: FlowRunId): RunValues | undefined;
  /** Lets go of a run. What it gave out may still be read by who holds it. */
  drop(run: FlowRunId): void;
}

export class ValueLost extends MillraceError {
  readonly taskRun: number;

  constructor(taskRun: number, attempt: number) {
    super(
      "VALUE_LOST",
      `the value of task run ${taskRun}, attempt ${attempt}, is no longer there: keep it with { keepResults: "all" }`,
    );
    this.taskRun = taskRun;
  }
}

export class LocalValues implements ValueStore {
  private readonly runs = new Map<FlowRunId, RunValues>();

  of(run: FlowRunId): RunValues {
    let values = this.runs.get(run);
    if (values === undefined) {
      values = new LocalRunValues();
      this.runs.set(run, values);
    }
    return values;
  }

  find(run: FlowRunId): RunValues | undefined {
    return this.runs.get(run);
  }

  drop(run: FlowRunId): void {
    this.runs.delete(run);
  }
}

/** Pages of 4,096 values; a page without values is let go. Attempts stand beside only where one is not 1. */
class LocalRunValues implements RunValues {
  private readonly nodes: (Page | undefined)[] = [];
  private readonly children: (Page | undefined)[] = [];

  set(taskRun: number, attempt: number, value: unknown): void {
    this.pageFor(taskRun).set(taskRun & PAGE_MASK, attempt, value);
  }

  setAll(first: number, attempt: number, values: ArrayLike<unknown>): void {
    for (let i = 0; i < values.length; ) {
      const page = this.pageFor(first + i);
      const at = (first + i) & PAGE_MASK;
      const end = Math.min(values.length, i + PAGE_ROWS - at);
      page.setAll(at, attempt, values, i, end);
      i = end;
    }
  }

  /** By loops: for a million children what is shorter to write costs as much as all else together. */
  getAll(first: number, count: number, attempt: number): unknown[] {
    const values: unknown[] = [];
    for (let taskRun = first; taskRun < first + count; ) {
      const page = this.page(taskRun);
      const from = taskRun & PAGE_MASK;
      const end = Math.min(from + first + count - taskRun, PAGE_ROWS);
      const missing = page === undefined ? from : page.addTo(values, from, end, attempt);
      if (missing < end) throw new ValueLost(taskRun - from + missing, attempt);
      taskRun += end - from;
    }
    return values;
  }

  get(taskRun: number, attempt: number): unknown {
    const page = this.page(taskRun);
    if (page?.attemptAt(taskRun & PAGE_MASK) !== attempt) throw new ValueLost(taskRun, attempt);
    return page.values[taskRun & PAGE_MASK];
  }

  delete(first: number, count: number, attempt: number): void {
    for (let taskRun = first; taskRun < first + count; taskRun++) {
      const page = this.page(taskRun);
      if (page?.attemptAt(taskRun & PAGE_MASK) !== attempt) continue;
      page.delete(taskRun & PAGE_MASK);
      if (page.count > 0) continue;
      const child = taskRun >= CHILD_BASE;
      (child ? this.children : this.nodes)[(child ? taskRun - CHILD_BASE : taskRun) >>> PAGE_BITS] = undefined;
    }
  }

  /** Made if need be. */
  private pageFor(taskRun: number): Page {
    const pages = taskRun < CHILD_BASE ? this.nodes : this.children;
    const number = (taskRun < CHILD_BASE ? taskRun : taskRun - CHILD_BASE) >>> PAGE_BITS;
    let page = pages[number];
    if (page === undefined) {
      while (pages.length <= number) pages.push(undefined);
      page = new Page();
      pages[number] = page;
    }
    return page;
  }

  private page(taskRun: number): Page | undefined {
    const child = taskRun >= CHILD_BASE;
    return child ? this.children[(taskRun - CHILD_BASE) >>> PAGE_BITS] : this.nodes[taskRun >>> PAGE_BITS];
  }
}

/** Stands where there is no value: a value may be undefined. */
const NOTHING = Symbol("no value");

class Page {
  readonly values: unknown[] = [];
  count = 0;
  private attempts: Map<number, number> | undefined;

  /** Undefined: no value. */
  attemptAt(at: number): number | undefined {
    if (at >= this.values.length || this.values[at] === NOTHING) return undefined;
    return this.attempts?.get(at) ?? 1;
  }

  set(at: number, attempt: number, value: unknown): void {
    // Filled in order, the array stays packed, and numbers stay numbers.
    while (this.values.length < at) this.values.push(NOTHING);
    if (this.attemptAt(at) === undefined) this.count++;
    this.values[at] = value;
    if (attempt !== 1) {
      this.attempts ??= new Map();
      this.attempts.set(at, attempt);
    } else this.attempts?.delete(at);
  }

  /** `values[from]` and those up to `end`, from the place `at` on. */
  setAll(at: number, attempt: number, values: ArrayLike<unknown>, from: number, end: number): void {
    const isNext = at === this.values.length && attempt === 1;
    if (!isNext) for (let i = from; i < end; i++) this.set(at + i - from, attempt, values[i]);
    else {
      for (let i = from; i < end; i++) this.values.push(values[i]);
      this.count += end - from;
    }
  }

  /** The values from `from` on to `end`. Gives the first that is not there, else `end`. */
  addTo(values: unknown[], from: number, end: number, attempt: number): number {
    const areFirst = this.attempts === undefined && attempt === 1 && end <= this.values.length;
    for (let at = from; at < end; at++) {
      const value = this.values[at];
      if (value === NOTHING || (!areFirst && this.attemptAt(at) !== attempt)) return at;
      values.push(value);
    }
    return end;
  }

  delete(at: number): void {
    this.values[at] = NOTHING;
    this.attempts?.delete(at);
    this.count--;
  }
}
