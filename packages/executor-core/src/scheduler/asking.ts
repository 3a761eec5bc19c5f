// Owns: sending a question, and ending one that cannot be answered. While a question is open, what it is about is held.

import type { FailureData } from "../work/failure-data.js";
import type { Ask } from "../work/ask.js";
import type { AskId } from "../work/ids.js";
import { STATE } from "../work/kinds.js";
import { failNode } from "./endings.js";
import { addLost } from "./inputs.js";
import { FLAG } from "./node-page.js";
import type { OpenAsk } from "./open-asks.js";
import { named } from "./resolve.js";
import type { RunState } from "./run-state.js";
import { unhold } from "./value-lifetime.js";
import { waitFor } from "./wants.js";

/** Where a value that it is about is lost, it is sent when that is there again. */
export function sendAsk(s: RunState, ask: OpenAsk): void {
  if (s.lineage.lost.size > 0) {
    const found = new Set<number>();
    addLost(s, ask.tree, found);
    if (found.size > 0) {
      s.asks.park(ask);
      return waitFor(s, ask, found);
    }
  }
  const fetch = ask.for === "fetch" ? ask.fetch : undefined;
  s.effects.push({ kind: "ask", ask: questionOf(s, s.asks.add(ask), ask), fetch });
}

function questionOf(s: RunState, id: AskId, ask: OpenAsk): Ask {
  const about = { run: s.facts.id, id, tree: named(s, ask.tree) };
  if (ask.for === "fetch") return { ...about, kind: "fetch" };
  return { ...about, kind: "probe", probe: ask.for === "case" ? ask.probe : {} };
}

/** The question is closed, and lets go of what it was about. */
export function closeAsk(s: RunState, ask: OpenAsk): void {
  if (ask.for === "fetch") {
    for (const node of ask.holds) unhold(s, node);
    return;
  }
  s.clearFlag(ask.node, FLAG.asking);
  if (ask.for === "width") unhold(s, ask.of);
}

/** A run that is cancelled decides nothing more, and makes nothing again. */
export function closeAsksAtCancel(s: RunState): void {
  for (const ask of s.asks.closeAtCancel()) {
    closeAsk(s, ask);
    if (ask.for !== "fetch") continue;
    const failure = { name: "ValueLost", code: "VALUE_LOST", message: "the value was lost, and the run is cancelled" };
    s.effects.push({ kind: "fetchRefused", fetch: ask.fetch, refusal: { why: "lost", failure } });
  }
}

/** What it is about cannot be read (a part picked from null, say), or never will be there again. */
export function failAsk(s: RunState, ask: OpenAsk, failure: FailureData, why: "failed" | "lost"): void {
  closeAsk(s, ask);
  if (ask.for === "fetch") s.effects.push({ kind: "fetchRefused", fetch: ask.fetch, refusal: { why, failure } });
  else if (s.table.state(ask.node) === STATE.Pending) failNode(s, ask.node, failure);
}
