// Owns: the changes of a live run as an async iterable: gathered, and handed out at most once a turn of the event loop.
// Does not own: making changes (the run's link makes them while somebody listens).
// C1. Each iterator listens for itself, from when it was made until it is returned or the run has ended.
// C2. What a slow reader has not taken is kept, ranges of one map's children that go to one state as one entry.

import type { FlowGraph } from "../graph/flow-graph.js";
import type { Change, RunLink } from "../run/executor.js";
import { type StateName, stateName } from "../work/kinds.js";
import type { StateChange } from "./run-types.js";

/** Calls `then` in the next turn, never inside the call. */
export type NextTurn = (then: () => void) => void;
type Gathered = { readonly slug: string; readonly index?: number; count: number; readonly state: StateName };
type Batch = readonly StateChange[];

export class RunChanges implements AsyncIterable<Batch> {
  private readonly link: RunLink;
  private readonly graph: FlowGraph;
  private readonly nextTurn: NextTurn;

  constructor(link: RunLink, graph: FlowGraph, nextTurn: NextTurn) {
    this.link = link;
    this.graph = graph;
    this.nextTurn = nextTurn;
  }

  [Symbol.asyncIterator](): AsyncIterator<Batch> {
    return new ChangeIterator(this.link, this.graph, this.nextTurn);
  }
}

class ChangeIterator implements AsyncIterator<Batch> {
  private readonly graph: FlowGraph;
  private readonly nextTurn: NextTurn;
  private readonly stop: () => void;
  private gathered: Gathered[] = [];
  private readonly waiting: ((result: IteratorResult<Batch>) => void)[] = [];
  /** A turn was asked for in which waiting readers are answered. */
  private isDue = false;
  private isOver = false;

  constructor(link: RunLink, graph: FlowGraph, nextTurn: NextTurn) {
    this.graph = graph;
    this.nextTurn = nextTurn;
    this.stop = link.onChanges((changes) => this.onChanges(changes));
    const end = (): void => this.end();
    link.done.then(end, end);
  }

  next(): Promise<IteratorResult<Batch>> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.answerSoon();
    });
  }

  return(): Promise<IteratorResult<Batch>> {
    this.gathered = [];
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  private onChanges(changes: readonly Change[]): void {
    for (const change of changes) {
      if (this.graph.spec(change.node).kind === "task") this.gather(change);
    }
    this.answerSoon();
  }

  private gather({ node, index, count, state }: Change): void {
    const [slug, name, last] = [this.graph.slug(node), stateName(state), this.gathered.at(-1)];
    const goesOn = last !== undefined && last.slug === slug && last.state === name && last.index !== undefined;
    if (goesOn && last.index + last.count === index) last.count += count;
    else this.gathered.push(index === undefined ? { slug, count, state: name } : { slug, index, count, state: name });
  }

  private end(): void {
    this.isOver = true;
    this.stop();
    this.answerSoon();
  }

  private answerSoon(): void {
    if (this.isDue || this.waiting.length === 0 || (this.gathered.length === 0 && !this.isOver)) return;
    this.isDue = true;
    this.nextTurn(() => {
      this.isDue = false;
      this.answer();
    });
  }

  private answer(): void {
    if (this.gathered.length > 0) {
      const value = this.gathered;
      this.gathered = [];
      this.waiting.shift()?.({ done: false, value });
    } else if (this.isOver) {
      for (const resolve of this.waiting.splice(0)) resolve({ done: true, value: undefined });
    }
    this.answerSoon();
  }
}
