// Owns: Ctrl-C while a flow runs: the first cancels the run, the second ends the process.
// Does not own: tasks that block the thread; no signal is seen while one does.

import type { FlowRun } from "@millrace/core";
import { EXIT } from "./exit-code.js";

export type Interrupts = { wasAsked(): boolean; stop(): void };

export function followInterrupts(run: FlowRun<unknown>): Interrupts {
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(EXIT.interrupted);
    asked = true;
    process.stderr.write("\nmillrace: cancelling; tasks that run were asked to stop. Ctrl-C again ends at once.\n");
    run.cancel("interrupted by Ctrl-C");
  };
  process.on("SIGINT", onSignal);
  return { wasAsked: () => asked, stop: () => void process.off("SIGINT", onSignal) };
}
