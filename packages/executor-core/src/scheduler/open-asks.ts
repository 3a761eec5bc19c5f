// Owns: questions that are open, and what waits for each. Only the answer to a question that is open counts.
// Q1. Each sending has its own id. A question whose values are lost is `parked` until they are there again.

import type { Probe } from "../work/ask.js";
import { type AskId, askId, type NodeId } from "../work/ids.js";
import type { RunTree } from "../work/value-tree.js";

/** `tree`: what is asked about. `of`: the node whose value that is, for `node`; `fetch`: the driver's number. */
export type OpenAsk = { readonly tree: RunTree } & (
  | { readonly for: "width"; readonly node: NodeId; readonly of: NodeId }
  | { readonly for: "case"; readonly node: NodeId; readonly probe: Probe }
  | { readonly for: "fetch"; readonly fetch: number; readonly holds: readonly NodeId[] }
);

export class OpenAsks {
  private readonly open = new Map<AskId, OpenAsk>();
  private readonly parked = new Set<OpenAsk>();
  private last = 0;

  get size(): number {
    return this.open.size + this.parked.size;
  }

  /** Those that somebody has to answer. */
  get sent(): number {
    return this.open.size;
  }

  /** It is sent. */
  add(ask: OpenAsk): AskId {
    const id = askId(++this.last);
    this.open.set(id, ask);
    return id;
  }

  park(ask: OpenAsk): void {
    this.parked.add(ask);
  }

  /** Closes the question: undefined if it was not open. */
  take(id: AskId): OpenAsk | undefined {
    const ask = this.open.get(id);
    this.open.delete(id);
    return ask;
  }

  /** It waits no longer; false: it was closed meanwhile. */
  unpark(ask: OpenAsk): boolean {
    return this.parked.delete(ask);
  }

  /** Closes all that are about deciding something, and gives them; fetches stay open, but for those that wait. */
  closeAtCancel(): readonly OpenAsk[] {
    const closed: OpenAsk[] = [...this.parked];
    this.parked.clear();
    for (const [id, ask] of this.open) {
      if (ask.for === "fetch") continue;
      this.open.delete(id);
      closed.push(ask);
    }
    return closed;
  }
}
