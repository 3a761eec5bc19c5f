// Owns: the scheduler of one flow run, pure: events and the time in, effects out as one ordered list.
// Does not own: time, threads, sockets, storage, workers, values.
// F1. `handle` is the only mutator and is synchronous.
// F2. One event takes at most `STEPS_MAX` steps; what is left goes on at the next event, for which `wakeAt` asks.
// F3. `wakeAt` is the last effect, and stands there only where the time changed; only `stuck` comes behind it, and nothing then.

import type { StateTable } from "../states/state-table.js";
import type { Effect } from "./effects.js";
import { decideChild } from "./children.js";
import { dispatchReady, isStalled } from "./dispatching.js";
import type { SchedulerEvent } from "./events.js";
import { onFetchAsked } from "./fetching.js";
import { markLost } from "./given-back.js";
import { startRemake } from "./remakes.js";
import { checkFinished } from "./finish.js";
import { cancelOnly } from "./cancel-only.js";
import { onCancelAsked } from "./on-cancel.js";
import { onGraphExtended } from "./on-extended.js";
import { nextRetryMs, onOutcomes, wakeRetries } from "./on-outcomes.js";
import { onAnswer } from "./on-answers.js";
import { RunState } from "./run-state.js";
import { decideNode } from "./settle.js";
import { endStuck, isStuck } from "./stuck.js";
import { forgetNodes, freeNode, keepNodes } from "./value-lifetime.js";

/** About 10 ms when warm. */
export const STEPS_MAX = 4096;

export class FlowScheduler {
  /** For `validate`, `explain` and the hash of states, which read and never write. */
  readonly state = new RunState();
  private readonly stepsMax: number;

  /** `stepsMax`: tests set it low, so that every chore is interrupted. */
  constructor(stepsMax = STEPS_MAX) {
    this.stepsMax = stepsMax;
  }

  /** Read by handles while the run goes on. */
  get table(): StateTable {
    return this.state.table;
  }

  /** Something could be sent if there were demand. */
  get wantsDemand(): boolean {
    const s = this.state;
    return s.cancelReason === undefined && (!s.ready.empty || !s.lineage.ready.empty || isStalled(s));
  }

  /** `nowMs`: milliseconds since the epoch. Appends to `effects`, a fresh array for each event. */
  handle(event: SchedulerEvent, nowMs: number, effects: Effect[]): void {
    const s = this.state;
    s.effects = effects;
    s.now = nowMs;
    s.budget = this.stepsMax;
    s.passedOver = false;
    this.take(event);
    if (s.timers.size > 0) wakeRetries(s);
    if (!s.agenda.empty) workAgenda(s);
    dispatchReady(s);
    flush(s);
    checkFinished(s);
    askToWake(s);
    if (s.open === 0 && isStuck(s)) endStuck(s);
  }

  private take(event: SchedulerEvent): void {
    const s = this.state;
    switch (event.kind) {
      case "outcomes":
        s.heardMs = s.now;
        return onOutcomes(s, event.batches);
      case "woke":
        s.wakeAtMs = Number.POSITIVE_INFINITY;
        return;
      case "demand":
        s.limit = event.limit;
        return;
      case "answers":
        for (const answer of event.answers) onAnswer(s, answer);
        return;
      case "valuesLost":
        return markLost(s, event.values);
      case "graphExtended":
        return onGraphExtended(s, event.chunk);
      case "put":
        s.expectNodes(event.node + 1);
        return s.setMeta(event.node, event.meta);
      case "started":
        s.facts = event.run;
        s.ownsGraph = event.ownsGraph;
        s.lineage.on = event.canLose;
        s.references = event.references;
        s.table.startedAtMs = s.now;
        s.heardMs = s.now;
        return;
      case "handlesChanged":
        s.keepAll = event.keep === "all";
        if (event.keep !== "all") keepNodes(s, event.keep);
        return forgetNodes(s, event.forget);
      case "fetchAsked":
        return onFetchAsked(s, event.fetch, event.tree, event.index);
      case "cancelAsked":
        return event.only === undefined ? onCancelAsked(s, event.reason) : cancelOnly(s, event.reason, event.only);
      case "listening":
        if (event.to === "ends") s.ends = event.on ? (s.ends ?? []) : undefined;
        else s.changes = event.on ? (s.changes ?? []) : undefined;
        return;
      default:
        return event satisfies never;
    }
  }
}

function workAgenda(s: RunState): void {
  const { nodes, children, frees, remakes } = s.agenda;
  while (s.budget > 0) {
    if (!nodes.empty) {
      s.budget--;
      decideNode(s, nodes.shift() ?? 0);
    } else if (!children.empty) {
      s.budget--;
      const map = s.maps.get(children.shift() ?? 0);
      const index = children.shift() ?? 0;
      if (map !== undefined) decideChild(s, map, index);
    } else if (!remakes.empty) {
      s.budget--;
      startRemake(s, remakes.shift() ?? 0);
    } else if (!frees.empty) {
      s.budget--;
      freeNode(s, frees.shift() ?? 0);
    } else {
      const chore = s.agenda.firstChore();
      if (chore === undefined) return;
      if (chore.run()) s.agenda.endChore(chore);
    }
  }
}

function flush(s: RunState): void {
  if (!s.releases.empty) s.effects.push({ kind: "release", values: s.releases.take() });
  if (s.changes !== undefined && s.changes.length > 0) {
    s.effects.push({ kind: "changed", changes: s.changes });
    s.changes = [];
  }
  if (s.ends !== undefined && s.ends.length > 0) {
    s.effects.push({ kind: "ended", nodes: s.ends });
    s.ends = [];
  }
}

/** F3. */
function askToWake(s: RunState): void {
  const isBusy = !s.agenda.empty || s.passedOver;
  const atMs = isBusy ? s.now : nextRetryMs(s);
  if (atMs === s.wakeAtMs || (isBusy && s.wakeAtMs <= s.now)) return;
  s.wakeAtMs = atMs;
  s.effects.push({ kind: "wakeAt", atMs });
}
