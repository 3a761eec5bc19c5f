// Owns: what one client says, by run: a run that it opens is driven here, beside its scheduler.
// Does not own: sessions and frames (who made it), one run (`run-at-desk`).
// K1. A client speaks of its own runs alone: of others nothing is said to it, and nothing is taken.

import { type Ask, type FlowRunId, failureDataOf, travelling } from "@millrace/core/seam";
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
    this.runs.get(message.run)?.received(message);
    if (message.kind === "closeRun") this.runs.delete(message.run);
  }

  /** A question of one of its runs. */
  follow(ask: Ask, holders: readonly Holding[]): void {
    this.runs.get(ask.run)?.follow(ask, holders);
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
      if (this.host.isOpen(id)) throw new Error(`there is a run ${id} already`);
      this.runs.set(id, new RunAtDesk(message, this.host));
    } catch (error) {
      this.host.tell({ kind: "broke", run: id, failure: travelling(failureDataOf(error)) });
    }
  }
}
