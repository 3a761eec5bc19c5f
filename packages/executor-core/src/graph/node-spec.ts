// Owns: what nodes of one kind, task and set of options have in common; interned, one object for a million nodes.
// N1. Only `task` nodes run user code; every other kind is structure, settled from states, answers and references.

import type { Needs, Rerun, RetryPolicy, Trigger } from "../work/policies.js";
import type { ValueMeta } from "../work/value-meta.js";
import type { TaskMade } from "../work/task-origin.js";
import type { TaskFunction } from "../work/work.js";

/** Undefined trigger and skip rule: the defaults, under which a `settled` edge never fails or skips the task. */
export type TaskSpec = {
  readonly kind: "task";
  readonly name: string;
  /** Sorted (FLOW-7). */
  readonly tags: readonly string[];
  readonly fn: TaskFunction;
  readonly made: TaskMade;
  /** Names of the inputs, for edges and drawings; may be shorter than the arguments. */
  readonly args: readonly string[];
  readonly retry: RetryPolicy;
  readonly timeoutMs: number | undefined;
  readonly rerun: Rerun;
  readonly trigger: Trigger | undefined;
  readonly skipOnUpstreamSkip: boolean | undefined;
  readonly mapped: boolean;
  /** Children of this map that run at a time. */
  readonly maxConcurrency: number | undefined;
  /** Elements of this root map that have begun and are not through all stages mapped over it. */
  readonly maxOpenPipelines: number | undefined;
  /** Of the worker that runs it; undefined: nothing. */
  readonly needs?: Needs | undefined;
  /** Higher goes first; undefined: 0. */
  readonly priority?: number | undefined;
};

export type StructureSpec =
  /** A value put from outside when the run starts; `parameter` is its name. */
  | { readonly kind: "parameter"; readonly name: string }
  /** args[0] is the inline value. */
  | { readonly kind: "constant"; readonly meta: ValueMeta }
  /** Items with refs inside; trigger allSuccessful (CONST-1). */
  | { readonly kind: "list" }
  | { readonly kind: "record"; readonly keys: readonly string[] }
  /** args: the whole, the key. */
  | { readonly kind: "pick" }
  /** Skipped unless args[0] is truthy (`test` absent), falsy, or `===` the value (CASE-1). */
  | { readonly kind: "case"; readonly test: CaseTest }
  /** args[0] if its case was chosen, else Skipped, even where args[0] failed. The first edge is the case. */
  | { readonly kind: "gate" }
  /** The first branch that is not Skipped (CASE-3). */
  | { readonly kind: "merge" }
  /** args[0] is a settled value: true if it failed. */
  | { readonly kind: "isFailed" }
  /** args[0] is a list of settled values: those of the elements that succeeded. */
  | { readonly kind: "succeeded" }
  /** The shape that the flow's function returned; never a reference task. */
  | { readonly kind: "result" };

export type CaseTest =
  | { readonly is: "truthy" }
  | { readonly is: "falsy" }
  | { readonly is: "equal"; readonly value: unknown };

export type NodeSpec = TaskSpec | StructureSpec;

/** `~` says "not a task" in slugs and drawings; a parameter's slug is its name. */
export function slugPrefixOf(spec: NodeSpec): string {
  if (spec.kind === "task") return [spec.name, ...spec.tags].join("-");
  return spec.kind === "merge" || spec.kind === "constant" ? spec.kind : `~${spec.kind}`;
}
