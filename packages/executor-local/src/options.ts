// Owns: the options of a `ThreadPoolExecutor`, and reading them.

import { availableParallelism } from "node:os";
import { MillraceError } from "@millrace/core";
import type { ThreadLimits } from "./thread.js";
import type { ThreadsOptions } from "./threads-runner.js";

export type ThreadPoolOptions = {
  /** Tasks that run at a time, each in a thread of its own; without it: as many as the machine runs at a time. */
  readonly threads?: number | undefined;
  /** Of each thread, in MiB: a task that needs more ends with its thread, and no other does. */
  readonly resourceLimits?: ThreadLimits | undefined;
  /** What `process.env` is in the threads; without it: a copy of this process's. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** How long a task that is asked to stop has until its thread is killed, in ms; without it: 1,000. */
  readonly graceMs?: number | undefined;
  /** Threads that stand by warm for one that dies; without it: 1. */
  readonly spareThreads?: number | undefined;
  /** How long the threads stay up without a run, in ms; without it: 1,000. */
  readonly keepAliveMs?: number | undefined;
};

const KNOWN: ReadonlySet<string> = new Set<keyof ThreadPoolOptions>([
  "threads",
  "resourceLimits",
  "env",
  "graceMs",
  "spareThreads",
  "keepAliveMs",
]);
const LIMITS: ReadonlySet<string> = new Set<keyof ThreadLimits>([
  "maxOldGenerationSizeMb",
  "maxYoungGenerationSizeMb",
  "codeRangeSizeMb",
  "stackSizeMb",
]);
const HEAP_MIN_MB = 16;
const SECOND_MS = 1_000;

/** Throws `INVALID_OPTION`. */
export function readOptions(options: ThreadPoolOptions): ThreadsOptions & { readonly keepAliveMs: number } {
  if (typeof options !== "object" || options === null)
    throw invalid(`a ThreadPoolExecutor takes an object of options, not ${options === null ? "null" : typeof options}`);
  refuseUnknown(options, KNOWN, "a ThreadPoolExecutor takes");
  const { resourceLimits, env } = options;
  if (resourceLimits !== undefined) checkLimits(resourceLimits);
  if (env !== undefined) checkEnv(env);
  return {
    threads: whole(options.threads, availableParallelism(), "threads", 1),
    spareThreads: whole(options.spareThreads, 1, "spareThreads", 0),
    graceMs: duration(options.graceMs, "graceMs"),
    keepAliveMs: duration(options.keepAliveMs, "keepAliveMs"),
    resourceLimits,
    env,
  };
}

function whole(value: number | undefined, standard: number, name: string, least: number): number {
  if (value === undefined) return standard;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw invalid(`${name} must be a whole number from ${least} on, not ${String(value)}`);
}

function duration(value: number | undefined, name: string): number {
  if (value === undefined) return SECOND_MS;
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw invalid(`${name} must be a number of milliseconds from 0 on, not ${String(value)}`);
}

function checkLimits(limits: ThreadLimits): void {
  if (typeof limits !== "object") throw invalid(`resourceLimits must be an object, not ${typeof limits}`);
  refuseUnknown(limits, LIMITS, "resourceLimits has");
  for (const [name, value] of Object.entries(limits)) {
    if (value === undefined || (typeof value === "number" && Number.isFinite(value) && value > 0)) continue;
    throw invalid(`resourceLimits.${name} must be a number of MiB above 0, not ${String(value)}`);
  }
  checkHeap(limits.maxOldGenerationSizeMb);
}

/** With less than it needs to begin, the engine ends the process instead of the thread. */
function checkHeap(megabytes: number | undefined): void {
  if (megabytes === undefined || megabytes >= HEAP_MIN_MB) return;
  const least = `a thread cannot start with less than ${HEAP_MIN_MB}`;
  throw invalid(`resourceLimits.maxOldGenerationSizeMb is ${megabytes}, in MiB: ${least}`);
}

function checkEnv(env: Readonly<Record<string, string>>): void {
  if (typeof env !== "object") throw invalid(`env must be an object of texts, not ${typeof env}`);
  for (const [name, value] of Object.entries(env)) {
    if (typeof value !== "string") throw invalid(`env.${name} must be a text, not ${typeof value}`);
  }
}

function refuseUnknown(options: object, known: ReadonlySet<string>, what: string): void {
  const unknown = Object.keys(options).find((key) => !known.has(key));
  if (unknown !== undefined) throw invalid(`${what} ${[...known].join(", ")}, not ${unknown}`);
}

const invalid = (message: string): MillraceError => new MillraceError("INVALID_OPTION", message);
