// Owns: the recorded tasks, one task a kind, and the helpers that a runner puts between them.
// K1. All of them are made when this module is loaded, and what a node has of its own comes as its first argument, a
//     constant: so a thread or another process that loads this module can run any node.
import { appendFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { context, type Settled, task } from "@millrace/core";
import { type Arrival, unwrap, whatWas } from "./arrivals.js";
import { bodies, type Inputs, total } from "./bodies.js";
import type { Json } from "./format.js";

export type KindSpec = {
  readonly name: string;
  readonly value?: Json;
  /** Of a, b and c. */
  readonly arrivals: readonly Arrival[];
  /** A file to which each run of the body adds a line with the task's name. */
  readonly tally?: string;
  /** With a seed a body takes some turns of the event loop, so that tasks end in another order. */
  readonly seed?: number;
};

const TURNS_MAX = 5;

/** FNV-1a: the same turns for the same seed, node, child and try. */
function turnsOf(seed: number, spec: KindSpec): number {
  const { mapIndex, runCount, loopCount } = context();
  let hash = 0x811c9dc5;
  for (const char of `${seed}/${spec.name}/${mapIndex}/${runCount}/${loopCount}`) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash % TURNS_MAX;
}

async function afterTurns(turns: number, act: () => unknown): Promise<unknown> {
  for (let i = 0; i < turns; i++) await turn();
  return act();
}

function inputsOf(spec: KindSpec, given: readonly unknown[]): Inputs {
  const [a, b, c] = [0, 1, 2].map((i) => unwrap(spec.arrivals[i] ?? "value", given[i]));
  return { a, b, s: total([a, b, c]), v: spec.value };
}

function makeKind(kind: string, body: (inputs: Inputs) => unknown) {
  return task(kind, (spec: KindSpec, a: unknown, b: unknown, c: unknown): unknown => {
    if (spec.tally !== undefined) appendFileSync(spec.tally, `${spec.name}\n`);
    const act = (): unknown => body(inputsOf(spec, [a, b, c]));
    return spec.seed === undefined ? act() : afterTurns(turnsOf(spec.seed, spec), act);
  });
}

export type KindTask = ReturnType<typeof makeKind>;

const kinds: ReadonlyMap<string, KindTask> = new Map(
  Object.entries(bodies).map(([kind, body]) => [kind, makeKind(kind, body)]),
);

export const knowsKind = (kind: string): boolean => kinds.has(kind);

export function kindOf(name: string): KindTask {
  const found = kinds.get(name);
  if (found === undefined) throw new RangeError(`there is no kind ${name}`);
  return found;
}

/** A collection as a task: its state is that of the collection, and it can be settled. */
export const collect = task("collect", (items: unknown): unknown => items);

/** Decides by its trigger and skip rule, for a task whose inputs come another way. */
export const guard = task("guard", (..._lists: readonly unknown[]): null => null);

/** What became of a map's children, as one list; Failed where the map has no children. */
export const gather = task("gather", (children: readonly Settled<unknown>[]): unknown => children.map(whatWas));

/** What Python makes of a value that is no list or record. */
export const asBoolean = task("as-boolean", (value: unknown): boolean => Boolean(value));
