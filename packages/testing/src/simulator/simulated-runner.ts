// Owns: the runner of a simulated cluster: it keeps what it told, so that it can be told again, and the functions of works that
// no client sent.

import type { CloseMode, FlowRunId, RunnerHost, WorkBatch, WorkTemplate } from "@millrace/core/seam";
import { ClusterRunner } from "@millrace/distributed/seam";

export class SimulatedRunner extends ClusterRunner {
  readonly code = new Map<string, WorkTemplate>();
  /** Outcomes and hints may come twice, however late. */
  told: { readonly run: FlowRunId | undefined; readonly again: () => void }[] = [];
  onKilled: () => void = () => undefined;

  override start(host: RunnerHost): Promise<void> {
    return super.start({
      demand: (limit) => host.demand(limit),
      answers: (answers) => host.answers(answers),
      reports: (reports) => host.reports(reports),
      failed: (error) => host.failed(error),
      outcomes: (batches, nowMs) => {
        this.told.push({ run: batches[0]?.run, again: () => host.outcomes(batches) });
        host.outcomes(batches, nowMs);
      },
      valuesLost: (run, values) => {
        this.told.push({ run, again: () => host.valuesLost(run, values) });
        host.valuesLost(run, values);
      },
    });
  }

  override dispatch(batches: readonly WorkBatch[]): void {
    for (const { run, template } of batches)
      if (template.made.key === undefined) this.code.set(`${run.id}/${template.id}`, template);
    super.dispatch(batches);
  }

  override async close(mode: CloseMode): Promise<void> {
    await super.close(mode);
    if (mode === "kill") this.onKilled();
  }

  override dropRun(run: FlowRunId): void {
    super.dropRun(run);
    this.told = this.told.filter((told) => told.run !== run);
    for (const name of this.code.keys()) if (name.startsWith(`${run}/`)) this.code.delete(name);
  }
}
