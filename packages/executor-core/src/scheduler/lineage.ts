// Owns: what is known of values that are gone, and who waits for them: data only.
// Does not own: making them again (`remakes`), what waits (`input-waits`).
// G1. A row in `lost` is Success, and its value is nowhere: nothing that is sent names it.
// G2. A row in `remakes` is in `lost`. Its state stays what it is: making a value again is no transition.
// G3. A row in `gone` is in `lost` and will never be made again: what still needs it fails.

import type { FailureData } from "../work/failure-data.js";
import { Fifo } from "./fifo.js";
import type { OpenAsk } from "./open-asks.js";

/** What waits for values without a slot: a task run, a map as a whole (by its node), or a question. */
export type Waiter = number | OpenAsk;

/** A value that is being made again. */
export type Remake = {
  readonly row: number;
  /** Its inputs are held, from here to its end. */
  holding: boolean;
  /** The attempt that is under way, or 0. */
  attempt: number;
  /** Of what ran it since the value was wanted. */
  deaths: readonly FailureData[];
  /** Who goes on when it is there. */
  readonly waiters: Waiter[];
};

/** The numbers of the try that succeeded, where it was not the first of the first iteration. */
export type SuccessNumbers = {
  readonly runCount: number;
  readonly loopCount: number;
  readonly loopValue: unknown;
};

export class Lineage {
  /** Values can be lost: how to make one again is kept as long as it can be asked for. */
  on = false;
  readonly lost = new Set<number>();
  /** Grows with every row that is lost: who has looked since then need not look again. */
  losses = 0;
  /** Grows with every value that has a new name: what was named before is named again. */
  renames = 0;
  readonly gone = new Map<number, FailureData>();
  readonly remakes = new Map<number, Remake>();
  /** Remakes that could be sent. */
  readonly ready = new Fifo<number>();
  /** How many values each waiter still waits for. */
  readonly waits = new Map<Waiter, number>();
  /** Of a graph that is the run's own: how many nodes read a node, on edges that are not forgotten. */
  readonly readers = new Map<number, number>();
  readonly numbers = new Map<number, SuccessNumbers>();
}
