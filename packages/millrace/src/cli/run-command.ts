// Owns: `millrace run`: the order of its steps.
// Does not own: each step; what goes to stdout and stderr (`run-output`).

import type { AnyFlow, Executor, FinishedRun, FlowRun } from "@millrace/core";
import { errorText } from "./error-text.js";
import { runOptionsFor } from "./executor-option.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import { readGiven } from "./given-params.js";
import { checkedParams, knownParams } from "./flow-params.js";
import { followInterrupts } from "./interrupt.js";
import { LazyLogger, thresholdOf } from "./lazy-logger.js";
import { openFlow } from "./open-flow.js";
import { parameterLines } from "./param-help.js";
import { type RunOutput, runOutput } from "./run-output.js";
import { RunReport } from "./run-report.js";
import { watchForStall } from "./stalled.js";
import { UsageError } from "./usage-error.js";

export type RunCommandOptions = {
  readonly param?: readonly string[];
  readonly executor?: string;
  readonly concurrency?: string;
  readonly threads?: string;
  readonly checkValues?: true;
  readonly logLevel?: string;
  readonly json?: true;
  readonly quiet?: true;
  readonly help?: true;
};

/** `help` is the general help of the command. */
export async function runCommand(
  target: string | undefined,
  options: RunCommandOptions,
  help: string,
): Promise<ExitCode> {
  if (options.help === true) return printHelp(target, help);
  const output = runOutput(options);
  let logger: LazyLogger;
  let executor: Executor | undefined;
  let run: FlowRun<unknown>;
  let flow: AnyFlow;
  try {
    if (target === undefined) throw new UsageError("which flow? Write millrace run FILE, or millrace run --help");
    const given = readGiven(options.param ?? []);
    const runOptions = await runOptionsFor(options);
    ({ executor } = runOptions);
    logger = new LazyLogger(thresholdOf(options.logLevel ?? (options.quiet === true ? "error" : undefined)));
    ({ flow } = await openFlow(target));
    run = flow.start(checkedParams(flow, given), { ...runOptions, logger });
  } catch (error) {
    output.invalid(error);
    return EXIT.invalid;
  }
  return followRun({ flow, run, executor, output, logger });
}

type Followed = {
  readonly flow: AnyFlow;
  readonly run: FlowRun<unknown>;
  /** Undefined: the flow's own. */
  readonly executor: Executor | undefined;
  readonly output: RunOutput;
  readonly logger: LazyLogger;
};

async function followRun({ flow, run, executor, output, logger }: Followed): Promise<ExitCode> {
  const interrupts = followInterrupts(run);
  const endWatch = watchForStall(flow, run, (error) => {
    output.ended();
    output.invalid(error);
    process.exit(EXIT.notSuccessful);
  });
  output.started(flow.name, run, executor);
  let finished: FinishedRun<unknown>;
  try {
    finished = await run.done;
  } finally {
    interrupts.stop();
    endWatch();
    output.ended();
    await logger.written();
  }
  const report = new RunReport(flow.name, finished);
  output.finished(report);
  if (report.hasValue) return EXIT.success;
  if (finished.state === "Success") return EXIT.notSuccessful;
  return interrupts.wasAsked() ? EXIT.interrupted : EXIT.notSuccessful;
}

/** With a file also what that flow takes. A file that cannot be loaded still gets the general help. */
async function printHelp(target: string | undefined, help: string): Promise<ExitCode> {
  process.stdout.write(help);
  if (target === undefined) return EXIT.success;
  try {
    const { flow } = await openFlow(target);
    process.stdout.write(`\n${[`The flow "${flow.name}".`, ...parameterLines(knownParams(flow))].join("\n")}\n`);
    return EXIT.success;
  } catch (error) {
    process.stderr.write(`\n${errorText(error)}\n`);
    return EXIT.invalid;
  }
}
