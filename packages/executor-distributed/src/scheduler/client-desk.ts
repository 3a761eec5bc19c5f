// Owns: what one client says, by run: a run that it opens is driven here, beside its scheduler.
// Does not own: sessions and frames (who made it), one run (`run-at-desk`).
// K1. A client speaks of its own runs alone: of others it hears no more than that they are not here, and nothing is taken.
// K2. Each question is answered, also one about a run that is gone. A run is gone when it broke, or was closed and is idle.

import { type Ask, type FailureData, type FlowRunId, failureDataOf, RunClosed, travelling } from "@millrace/core/seam";
import type { FromClient } from "../protocol/messages.js";
import type { Holding } from "../protocol/ranges.js";
import { type DeskHost, RunAtDesk } from "./run-at-desk.js";

export class ClientDesk {
  private readonly host: DeskHost;
  private readonly runs = new Map<FlowRunId, RunAtDesk>();

  constructor(host: DeskHost) {
    this.host = host;
  }

  has(run: FlowRunId): boolean {
    return this.runs.has(run);
  }

  received(message: FromClient): void {
    if (message.kind === "openRun") return this.open(message);
    if (!("run" in message)) return;
    const run = this.runs.get(message.run);
    if (run === undefined) this.refuse(message);
    else run.received(message);
  }

  /** K2. */
  private refuse(message: FromClient): void {
    if (message.kind === "fetch") {
      const { run, fetch } = message;
      this.host.tell({ kind: "fetchRefused", run, fetch, refusal: { why: "failed", failure: gone(run) } });
    } else if (message.kind === "explain") {
      const { run, id } = message;
      const explanation = { code: "FINISHED", sentence: gone(run).message, waitsFor: [], story: [] } as const;
      this.host.tell({ kind: "explanation", run, id, explanation });
    }
  }

  /** A question of one of its runs. */
  follow(ask: Ask, holders: readonly Holding[]): void {
    const run = this.runs.get(ask.run);
    if (run === undefined)
      this.host.runner.answered([{ run: ask.run, id: ask.id, kind: "failed", failure: gone(ask.run) }]);
    else run.follow(ask, holders);
  }

  relay(run: FlowRunId, reports: unknown): void {
    this.runs.get(run)?.relay(reports);
  }

  /** Nobody resumes its session. */
  vanished(): void {
    for (const run of this.runs.values()) run.vanished();
    this.runs.clear();
  }

  private open(message: Extract<FromClient, { readonly kind: "openRun" }>): void {
    const { id } = message.facts;
    try {
      if (this.host.isOpen(id) || this.host.runner.has(id)) throw new Error(`there is a run ${id} already`);
      this.runs.set(id, new RunAtDesk(message, this.host, () => this.runs.delete(id)));
    } catch (error) {
      this.host.tell({ kind: "broke", run: id, failure: travelling(failureDataOf(error)) });
    }
  }
}

const gone = (run: FlowRunId): FailureData => travelling(failureDataOf(new RunClosed(run)));
