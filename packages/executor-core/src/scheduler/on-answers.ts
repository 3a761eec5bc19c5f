// Owns: what an answer does to whoever asked. Only the answer to a question that is open counts.

import type { FailureData } from "../work/failure-data.js";
import { STATE } from "../work/kinds.js";
import { failNode } from "./endings.js";
import type { AnswerFacts } from "./events.js";
import { FLAG } from "./node-page.js";
import type { RunState } from "./run-state.js";
import { decideNode } from "./settle.js";
import { onTestAnswered } from "./structure.js";
import { unhold } from "./value-lifetime.js";

export function onAnswer(s: RunState, answer: AnswerFacts): void {
  const ask = s.asks.take(answer.id);
  if (ask === undefined) return;
  if (ask.for === "fetch") {
    for (const node of ask.holds) unhold(s, node);
    if (answer.kind !== "failed") return;
    s.effects.push({ kind: "fetchRefused", fetch: ask.fetch, refusal: { why: "failed", failure: answer.failure } });
    return;
  }
  s.clearFlag(ask.node, FLAG.asking);
  if (ask.for === "width") unhold(s, ask.of);
  if (answer.kind === "failed") return failAsked(s, ask.node, answer.failure);
  if (answer.kind !== "probed") return;
  if (ask.for === "case") return onTestAnswered(s, ask.node, answer.meta.truthy, answer.equal);
  s.metas.set(ask.of, answer.meta);
  decideNode(s, ask.node);
}

/** What the node is about cannot be read: a part picked from null, say. */
function failAsked(s: RunState, node: number, failure: FailureData): void {
  if (s.table.state(node) === STATE.Pending) failNode(s, node, failure);
}
