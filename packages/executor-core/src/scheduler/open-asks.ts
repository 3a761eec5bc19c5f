// Owns: questions that are open, and what waits for each. Only the answer to a question that is open counts.

import { type AskId, askId, type NodeId } from "../work/ids.js";

/** `of`: the node whose value is asked about, for `node`; `fetch`: the driver's number. */
export type OpenAsk =
  | { readonly for: "width"; readonly node: NodeId; readonly of: NodeId }
  | { readonly for: "case"; readonly node: NodeId }
  | { readonly for: "fetch"; readonly fetch: number; readonly holds: readonly NodeId[] };

export class OpenAsks {
  private readonly open = new Map<AskId, OpenAsk>();
  private last = 0;

  get size(): number {
    return this.open.size;
  }

  add(ask: OpenAsk): AskId {
    const id = askId(++this.last);
    this.open.set(id, ask);
    return id;
  }

  /** Closes the question: undefined if it was not open. */
  take(id: AskId): OpenAsk | undefined {
    const ask = this.open.get(id);
    this.open.delete(id);
    return ask;
  }

  /** Closes all that are about deciding something, and gives them; fetches stay open. */
  closeDecisions(): readonly OpenAsk[] {
    const closed: OpenAsk[] = [];
    for (const [id, ask] of this.open) {
      if (ask.for === "fetch") continue;
      this.open.delete(id);
      closed.push(ask);
    }
    return closed;
  }
}
