// Owns: what a client lets go of where a graph is its run's own, as a pool's: nodes that are over and of which no handle is left.
// H1. With a node go its arguments, its children and why it failed; its row goes with its page. What is still told of it is not heard.
// H2. A slug of the user's own stays taken: the scheduler may have it longer.

import { type FlowGraph, type NodeId, PAGE_BITS, PAGE_MASK, PAGE_ROWS, type StateTable } from "@millrace/core/pure";

const [HELD, OVER, GONE] = [1, 2, 4];
type Page = { readonly flags: Uint8Array; gone: number };

export class HeldNodes {
  private readonly states: StateTable;
  private readonly onGone: (node: number) => void;
  /** Undefined: all of its nodes are gone. */
  private readonly pages: (Page | undefined)[] = [];

  constructor(states: StateTable, onGone: (node: number) => void) {
    this.states = states;
    this.onGone = onGone;
  }

  isGone(node: number): boolean {
    const number = node >>> PAGE_BITS;
    if (number >= this.pages.length) return false;
    const page = this.pages[number];
    return page === undefined || ((page.flags[node & PAGE_MASK] ?? 0) & GONE) !== 0;
  }

  keep(nodes: readonly NodeId[]): void {
    for (const node of nodes) this.mark(node, HELD, 0);
  }

  forget(nodes: readonly NodeId[], graph: FlowGraph | undefined): void {
    for (const node of nodes) if (this.mark(node, 0, HELD) === OVER) this.letGo(node, graph);
  }

  /** They are complete. */
  ended(nodes: readonly NodeId[], graph: FlowGraph | undefined): void {
    for (const node of nodes) if (this.mark(node, OVER, 0) === OVER) this.letGo(node, graph);
  }

  /** Gives what it is then. */
  private mark(node: number, set: number, clear: number): number {
    const page = this.pageOf(node);
    if (page === undefined) return GONE;
    const flags = ((page.flags[node & PAGE_MASK] ?? 0) | set) & ~clear;
    page.flags[node & PAGE_MASK] = flags;
    return flags;
  }

  private pageOf(node: number): Page | undefined {
    const number = node >>> PAGE_BITS;
    while (this.pages.length <= number) this.pages.push({ flags: new Uint8Array(PAGE_ROWS), gone: 0 });
    return this.pages[number];
  }

  /** H1. */
  private letGo(node: number, graph: FlowGraph | undefined): void {
    this.mark(node, GONE, 0);
    // H2.
    if (typeof graph?.slugs.short(node) === "number") graph.forget(node);
    this.states.forget(node);
    this.onGone(node);
    const map = this.states.maps.get(node);
    if (map !== undefined) {
      for (let i = 0; i < map.width; i++) this.states.forget(map.first + i);
      this.states.forgetMap(map);
    }
    const page = this.pageOf(node);
    if (page === undefined || ++page.gone < PAGE_ROWS) return;
    const number = node >>> PAGE_BITS;
    this.pages[number] = undefined;
    this.states.dropNodePage(number);
    graph?.dropPage(number, true);
  }
}
