// Owns: refusing seeds and options that mean nothing, before anything runs: a test with a misspelt fault would find nothing for ever.

import { AMOUNT_MAX, MillraceError } from "@millrace/core/pure";
import { SLOTS_MAX } from "@millrace/distributed/seam";
import type { HostileOptions } from "./hostile/hostile-executor.js";
import { HOSTILE } from "./hostile/hostility.js";
import { FAULTS } from "./simulator/faults.js";
import type { SimulatedOptions } from "./simulator/simulated-cluster.js";

const WORKERS_MAX = 10_000;
const SEED_MAX = 2 ** 40;

/** What is wrong with a value, in words; undefined: nothing. */
type Check = (value: unknown) => string | undefined;

const whole =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most
      ? undefined
      : `write a whole number from ${least} to ${most}`;

const number =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === "number" && value >= least && value <= most
      ? undefined
      : `write a number from ${least} to ${most}`;

const truth: Check = (value) => (typeof value === "boolean" ? undefined : "write true or false");
const fn: Check = (value) => (typeof value === "function" ? undefined : "write a function");

const record =
  (checkOf: (key: string) => Check | undefined, words: string): Check =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return words;
    for (const [key, each] of Object.entries(value)) {
      const check = checkOf(key);
      if (check === undefined) return `it has ${JSON.stringify(key)}, which means nothing: ${words}`;
      const wrong = each === undefined ? undefined : check(each);
      if (wrong !== undefined) return `its ${JSON.stringify(key)} is ${shown(each)}: ${wrong}`;
    }
    return undefined;
  };

const among =
  (known: object, check: (key: string) => Check): ((key: string) => Check | undefined) =>
  (key) =>
    Object.hasOwn(known, key) ? check(key) : undefined;

const count = whole(0, Number.MAX_SAFE_INTEGER);
const probability = number(0, 1);
const faults = record(
  among(FAULTS, (key) => (key === "most" ? count : probability)),
  "write faults by name, as in { ...NO_FAULTS, crash: 0.1, most: 20 }",
);
const hostility = record(
  among(HOSTILE, (key) => (key === "lossesMax" || key === "diesAfter" ? count : probability)),
  "write what goes wrong by name, as in { ...HOSTILE, lose: 0.2 }",
);
const resources = record(() => number(0, AMOUNT_MAX), "write amounts by name, as in { gpu: 1 }");
const session = record(() => number(0, Number.MAX_SAFE_INTEGER), "write milliseconds by name, as in { resumeMs: 500 }");

const SIMULATED: Record<keyof SimulatedOptions, Check> = {
  // Without any one sees what waits for one.
  workers: whole(0, WORKERS_MAX),
  slots: whole(1, SLOTS_MAX),
  memoryMax: count,
  faults,
  session,
  resources,
  labels: fn,
  onProblem: fn,
  onTrace: fn,
  onReached: fn,
};
const HOSTILE_ONES: Record<keyof HostileOptions, Check> = { hostility, keepNothing: truth };

/** Throws `INVALID_OPTION`. */
export const checkSimulated = (seed: unknown, options: SimulatedOptions): void =>
  check("SimulatedExecutor", seed, options, SIMULATED);

/** Throws `INVALID_OPTION`. */
export const checkHostile = (seed: unknown, options: HostileOptions): void =>
  check("HostileExecutor", seed, options, HOSTILE_ONES);

/** Throws `INVALID_OPTION`. */
export function checkSeed(of: string, seed: unknown): void {
  const wrong = whole(0, SEED_MAX)(seed);
  if (wrong !== undefined) throw invalid(`the seed of a ${of} is ${shown(seed)}: ${wrong}`);
}

function check(of: string, seed: unknown, options: object, known: Readonly<Record<string, Check>>): void {
  checkSeed(of, seed);
  const words = `write options by name: ${Object.keys(known).join(", ")}`;
  const wrong = record((key) => (Object.hasOwn(known, key) ? known[key] : undefined), words)(options);
  if (wrong !== undefined) throw invalid(`the options of a ${of}: ${wrong}`);
}

const invalid = (message: string): MillraceError => new MillraceError("INVALID_OPTION", message);

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "number" || typeof value === "boolean" ? `${value}` : `of the type ${typeof value}`;
}
