// Owns: how the command line asks for a flow to be run: by which executor, with values checked or not.
// X1. What only threads need is loaded only for them.

import { AsyncExecutor, type RunOptions, SequentialExecutor } from "@millrace/core";
import { UsageError } from "./usage-error.js";

type Asked = {
  readonly executor?: string;
  readonly concurrency?: string;
  readonly threads?: string;
  readonly checkValues?: true;
};

export async function runOptionsFor(asked: Asked): Promise<RunOptions> {
  return { ...(await executorFor(asked)), ...(asked.checkValues === true ? { checkValues: true } : undefined) };
}

/** Empty where the flow's own is to be used. */
async function executorFor({ executor, concurrency, threads }: Asked): Promise<RunOptions> {
  const tasks = countOf(concurrency, "--concurrency");
  const count = countOf(threads, "--threads");
  if (tasks !== undefined && count !== undefined)
    throw new UsageError("--concurrency is of the executor async and --threads of the executor threads: give one");
  // Each says which executor is meant.
  const name = executor ?? (count !== undefined ? "threads" : tasks !== undefined ? "async" : undefined);
  if (tasks !== undefined && name !== "async")
    throw new UsageError(`--concurrency has no meaning with --executor ${name}: it is of the executor async`);
  if (count !== undefined && name !== "threads")
    throw new UsageError(`--threads has no meaning with --executor ${name}: it is of the executor threads`);
  switch (name) {
    case "sequential":
      return { executor: new SequentialExecutor() };
    case "async":
      return { executor: new AsyncExecutor({ concurrency: tasks }) };
    case "threads": {
      const { ThreadPoolExecutor } = await import("@millrace/local");
      return { executor: new ThreadPoolExecutor({ threads: count }) };
    }
    default:
      return {};
  }
}

function countOf(value: string | undefined, option: string): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new UsageError(`${option} is ${value}: write a whole number from 1 on, as in ${option} 8`);
}
