// Owns: a run that can never end: its tasks wait for a promise, and nothing is open that could settle it. Node would end
// the process without a word about the flow.

import { type AnyFlow, type FlowRun, MillraceError, describeFlow } from "@millrace/core";

/** Calls `then` if the process is about to end while the run goes on. Gives what ends the watch. */
export function watchForStall(flow: AnyFlow, run: FlowRun<unknown>, then: (error: MillraceError) => void): () => void {
  const onBeforeExit = (): void => void stallError(flow, run).then(then);
  process.once("beforeExit", onBeforeExit);
  return () => void process.off("beforeExit", onBeforeExit);
}

const shownMax = 10;

async function stallError(flow: AnyFlow, run: FlowRun<unknown>): Promise<MillraceError> {
  const { Running: running } = run.summary();
  const slugs = describeFlow(flow)
    .tasks.slice(0, shownMax)
    .map(({ slug }) => slug);
  // Without their stories.
  const lines = await Promise.all(slugs.map(async (slug) => `\n- ${(await run.explain(slug)).split("\n", 1)[0]}`));
  return new MillraceError(
    "RUN_STALLED",
    `the flow "${flow.name}" cannot end: ${running} of its tasks wait for promises that nothing can settle any more${lines.join("")}`,
  );
}
