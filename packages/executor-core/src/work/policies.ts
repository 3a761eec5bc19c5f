// Owns: what a user decides about a task, as data: when it may run, how often it is tried.

/** Delay in milliseconds before each of at most `retries` further tries (RETRY-1, RETRY-2). */
export type RetryPolicy = { readonly retries: number; readonly delayMs: number };
export const NO_RETRY: RetryPolicy = { retries: 0, delayMs: 0 };

/** Bounds below 1 are fractions of the number of states, 1 and above are counts (TRIG-2). */
export type TriggerBounds = { readonly atLeast?: number | undefined; readonly atMost?: number | undefined };
/** The triggers that a word names; what each means stands in `states/triggers`. */
export const TRIGGER_NAMES = [
  "allSuccessful",
  "allFailed",
  "anySuccessful",
  "anyFailed",
  "allFinished",
  "notAllSkipped",
] as const;
export type TriggerName = (typeof TRIGGER_NAMES)[number];
/** When a task runs, judged by the states of its upstream tasks (TRIG-1). */
export type Trigger = TriggerName | { readonly someFailed: TriggerBounds } | { readonly someSuccessful: TriggerBounds };

/** How often what runs a task may die under it before the task fails (RETRY-8); `never`: its death is its end. */
export type Rerun = { readonly deaths: number } | "never";
/** Deaths are no retries: the user did not ask for them. */
export const DEFAULT_RERUN: Rerun = { deaths: 3 };

/** Of a resource: sums of parts of less are exact. */
export const AMOUNT_MAX = 2 ** 33;
export const PRIORITY_MAX = 1_000_000;

/** Amounts of a worker's resources, all at a time, and labels, every one of which it has. In the user's process all is there. */
export type Needs = {
  readonly resources: Readonly<Record<string, number>>;
  readonly labels: readonly string[];
};

/** A retry is decided where the error is: wait this long, or do not (RETRY-3). */
export type Retry = { readonly delayMs: number } | "no";
