// Owns: what is still to be settled, so that nothing is settled by recursion and one event takes a bounded time.
// A1. Nodes and children are decided in the order in which they came up; chores (walks over many rows) go behind them.
// A2. Every decision and every row of a chore is a step; `handle` stops at the budget and goes on at the next event.

import { Fifo } from "./fifo.js";

/** A walk over many rows that stops when the budget is used up. `run` returns true when it is through. */
export interface Chore {
  run(): boolean;
}

export class Agenda {
  readonly nodes = new Fifo<number>();
  /** Pairs: a map's node, a child's index. */
  readonly children = new Fifo<number>();
  /** Complete nodes that nothing holds. */
  readonly frees = new Fifo<number>();
  /** Rows whose values are wanted and lost. */
  readonly remakes = new Fifo<number>();
  private readonly chores: Chore[] = [];

  get empty(): boolean {
    const { nodes, children, frees, remakes, chores } = this;
    return nodes.empty && children.empty && frees.empty && remakes.empty && chores.length === 0;
  }

  addFree(node: number): void {
    this.frees.push(node);
  }

  addChore(chore: Chore): void {
    this.chores.push(chore);
  }

  /** In front of all others. */
  addUrgentChore(chore: Chore): void {
    this.chores.unshift(chore);
  }

  /** The chore that came up first, which stays until it is through. */
  firstChore(): Chore | undefined {
    return this.chores[0];
  }

  /** The chore is through; while it ran, an urgent one may have come in front of it. */
  endChore(chore: Chore): void {
    // Chores are few at a time (one a map or a wide fan-out at work), so that this is short.
    this.chores.splice(this.chores.indexOf(chore), 1);
  }
}
