// Owns: what an answer does to whoever asked. Only the answer to a question that is open counts.

import { closeAsk, failAsk, sendAsk } from "./asking.js";
import type { AnswerFacts } from "./events.js";
import { markLost } from "./given-back.js";
import type { RunState } from "./run-state.js";
import { decideNode } from "./settle.js";
import { onTestAnswered } from "./structure.js";

export function onAnswer(s: RunState, answer: AnswerFacts): void {
  const ask = s.asks.take(answer.id);
  if (ask === undefined) return;
  if (answer.kind === "missing") {
    markLost(s, answer.missing);
    return sendAsk(s, ask);
  }
  if (answer.kind === "failed") return failAsk(s, ask, answer.failure, "failed");
  closeAsk(s, ask);
  if (answer.kind !== "probed" || ask.for === "fetch") return;
  if (ask.for === "case") return onTestAnswered(s, ask.node, answer.meta.truthy, answer.equal);
  s.metas.set(ask.of, answer.meta);
  decideNode(s, ask.node);
}
