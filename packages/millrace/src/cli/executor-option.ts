// Owns: how the command line asks for a flow to be run: by which executor, with values checked or not.

import { AsyncExecutor, type RunOptions, SequentialExecutor } from "@millrace/core";
import { UsageError } from "./usage-error.js";

type Asked = { readonly executor?: string; readonly concurrency?: string; readonly checkValues?: true };

export const runOptionsFor = (asked: Asked): RunOptions => ({
  ...executorFor(asked),
  ...(asked.checkValues === true ? { checkValues: true } : undefined),
});

/** Empty where the flow's own is to be used. */
function executorFor({ executor, concurrency }: Asked): RunOptions {
  if (concurrency === undefined) {
    if (executor === undefined) return {};
    return { executor: executor === "sequential" ? new SequentialExecutor() : new AsyncExecutor() };
  }
  if (executor === "sequential") {
    throw new UsageError("--concurrency has no meaning with --executor sequential, which runs one task at a time");
  }
  if (/^[1-9]\d*$/.test(concurrency)) return { executor: new AsyncExecutor({ concurrency: Number(concurrency) }) };
  throw new UsageError(`--concurrency is ${concurrency}: write a whole number from 1 on, as in --concurrency 8`);
}
