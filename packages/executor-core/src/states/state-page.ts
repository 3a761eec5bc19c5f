// Owns: 4,096 rows of states and times, while they change and when they are sealed.

import { PAGE_ROWS } from "../work/ids.js";
import { STATE, type StateCode, stateCode } from "../work/kinds.js";

/** A graph that grows node by node copies each row a few times, not each time. */
export const grownRows = (rows: number, needed: number): number => Math.min(PAGE_ROWS, Math.max(needed, rows * 2));

/** 9 bytes a row. Times in milliseconds, from the run's start; NaN: never started. */
export class StatePage {
  readonly state: Uint8Array;
  readonly started: Float32Array;
  readonly duration: Float32Array;

  constructor(rows: number, state: StateCode) {
    this.state = new Uint8Array(rows);
    if (state !== 0) this.state.fill(state);
    this.started = new Float32Array(rows).fill(Number.NaN);
    this.duration = new Float32Array(rows);
  }

  /** The same rows and more. */
  grown(rows: number): StatePage {
    const page = new StatePage(rows, STATE.Pending);
    page.state.set(this.state);
    page.started.set(this.started);
    page.duration.set(this.duration);
    return page;
  }

  stateAt(i: number): StateCode {
    return stateCode(this.state[i]);
  }

  startedAt(i: number): number {
    return this.started[i] ?? Number.NaN;
  }

  durationMs(i: number): number {
    return this.duration[i] ?? 0;
  }
}

/** At most 4 bytes a row: a state that all share is one number; times are rounded to 1/65,534 of their span. */
export class SealedPage {
  private readonly state: number | Uint8Array;
  private readonly started: Quantised;
  private readonly duration: Quantised;

  constructor(page: StatePage) {
    const first = page.state[0] ?? 0;
    this.state = page.state.every((state) => state === first) ? first : page.state;
    this.started = new Quantised(page.started);
    this.duration = new Quantised(page.duration);
  }

  stateAt(i: number): StateCode {
    return stateCode(typeof this.state === "number" ? this.state : this.state[i]);
  }

  startedAt(i: number): number {
    return this.started.at(i);
  }

  durationMs(i: number): number {
    return this.duration.at(i);
  }
}

const NEVER = 0xffff;

class Quantised {
  private readonly least: number;
  private readonly step: number;
  private readonly steps: Uint16Array | undefined;

  constructor(values: Float32Array) {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    let missing = false;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? Number.NaN;
      if (value < least) least = value;
      if (value > most) most = value;
      if (Number.isNaN(value)) missing = true;
    }
    const step = (most - least) / (NEVER - 1) || 1;
    this.least = least;
    this.step = step;
    if (least === most && !missing) return;
    const steps = new Uint16Array(values.length);
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? Number.NaN;
      steps[i] = Number.isNaN(value) ? NEVER : Math.round((value - least) / step);
    }
    this.steps = steps;
  }

  at(i: number): number {
    if (this.steps === undefined) return this.least;
    const steps = this.steps[i] ?? NEVER;
    return steps === NEVER ? Number.NaN : this.least + steps * this.step;
  }
}
