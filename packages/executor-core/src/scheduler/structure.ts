// Owns: nodes that run no user code: how each kind ends, and the tree it stands for.
// T1. Structure is settled from states, answers and references; a question is asked only where an answer is missing.

import type { StructureSpec } from "../graph/node-spec.js";
import { STATE } from "../work/kinds.js";
import { PLAIN_FALSE, PLAIN_TRUE, type ValueMeta } from "../work/value-meta.js";
import { type GraphTree, type RunTree, UNDEFINED_TREE } from "../work/value-tree.js";
import { askProbe } from "./probes.js";
import { resolve } from "./resolve.js";
import type { RunState } from "./run-state.js";
import { endNode, failNode } from "./endings.js";
import { upstreamHasNoValue } from "./verdict.js";
import { addEdge, STRUCTURE_RULES, UpstreamView, viewUpstream } from "./upstream.js";

type Kind<K extends StructureSpec["kind"]> = Extract<StructureSpec, { kind: K }>;

export function settleStructure(s: RunState, node: number, spec: StructureSpec): void {
  switch (spec.kind) {
    case "parameter":
      return endNode(s, node, STATE.Success);
    case "constant": {
      const value = s.graph.args(node)[0];
      return succeed(s, node, value?.kind === "inline" ? value : UNDEFINED_TREE, spec.meta);
    }
    case "gate":
      return settleGate(s, node);
    case "merge":
      return settleMerge(s, node);
    case "result":
      return settleResult(s, node);
    case "case":
    case "isFailed":
    case "list":
    case "record":
    case "pick":
    case "succeeded":
      if (passes(s, node, viewUpstream(s, node, STRUCTURE_RULES))) settleShape(s, node, spec);
      return;
    default:
      return spec satisfies never;
  }
}

/** The rules of a task with defaults; false: they ended the node. */
function passes(s: RunState, node: number, view: UpstreamView): boolean {
  if (view.skipped) endNode(s, node, STATE.Skipped);
  else if (view.tally.success < view.tally.total) endNode(s, node, STATE.TriggerFailed);
  else if (view.noValue >= 0) failNode(s, node, upstreamHasNoValue(s, view.noValue));
  else return true;
  return false;
}

/** `meta` undefined: nothing is known of the value until somebody asks. */
function succeed(s: RunState, node: number, tree: RunTree, meta: ValueMeta | undefined): void {
  s.trees.set(node, tree);
  s.setMeta(node, meta);
  endNode(s, node, STATE.Success);
}

function settleShape(
  s: RunState,
  node: number,
  spec: Kind<"case" | "isFailed" | "list" | "record" | "pick" | "succeeded">,
): void {
  const args = s.graph.args(node).map((arg) => resolve(s, arg));
  const first = args[0] ?? UNDEFINED_TREE;
  switch (spec.kind) {
    case "list":
      return succeed(s, node, { kind: "list", items: args }, { length: args.length, truthy: true });
    case "record":
      return succeed(s, node, { kind: "record", keys: spec.keys, items: args }, PLAIN_TRUE);
    case "pick":
      return succeed(s, node, { kind: "pick", of: first, key: args[1] ?? UNDEFINED_TREE }, undefined);
    case "succeeded":
      return succeed(s, node, { kind: "succeeded", of: first }, undefined);
    case "isFailed":
      if (first.kind === "settled" && first.state !== undefined)
        return endFailedTest(s, node, isFailedState(first.state));
      return askProbe(s, node, { kind: "pick", of: first, key: { kind: "inline", value: "status" } }, "failed");
    case "case":
      return settleCase(s, node, spec, first);
    default:
      return spec satisfies never;
  }
}

const isFailedState = (data: { readonly state: string }): boolean =>
  data.state !== "Success" && data.state !== "Mapped" && data.state !== "Skipped";

function endFailedTest(s: RunState, node: number, failed: boolean): void {
  succeed(s, node, { kind: "inline", value: failed }, failed ? PLAIN_TRUE : PLAIN_FALSE);
}

function settleCase(s: RunState, node: number, spec: Kind<"case">, condition: RunTree): void {
  if (spec.test.is === "equal") return askProbe(s, node, condition, spec.test.value);
  const arg = s.graph.args(node)[0];
  const meta = arg?.kind === "ref" ? s.metaOf(arg.ref) : undefined;
  if (meta === undefined) return askProbe(s, node, condition, undefined);
  endCase(s, node, meta.truthy === (spec.test.is === "truthy"));
}

function endCase(s: RunState, node: number, chosen: boolean): void {
  if (chosen) return succeed(s, node, { kind: "inline", value: true }, PLAIN_TRUE);
  s.table.skips.set(node, { raised: true, reason: "its branch was not chosen" });
  endNode(s, node, STATE.Skipped);
}

/** The answer to what `settleShape` asked. */
export function onTestAnswered(s: RunState, node: number, truthy: boolean, equal: boolean): void {
  const spec = s.graph.spec(node);
  if (spec.kind === "isFailed") endFailedTest(s, node, equal);
  else if (spec.kind === "case")
    endCase(s, node, spec.test.is === "equal" ? equal : truthy === (spec.test.is === "truthy"));
}

/** Skipped if its case was not chosen, even where what it passes on failed. */
function settleGate(s: RunState, node: number): void {
  const gate = s.graph.inFirst(node);
  if (s.table.state(s.graph.from(gate)) === STATE.Skipped) return endNode(s, node, STATE.Skipped);
  if (!passes(s, node, viewUpstream(s, node, STRUCTURE_RULES))) return;
  passOn(s, node, s.graph.args(node)[0] ?? UNDEFINED_TREE);
}

/** CASE-3: not skipped by skipped branches, all skipped: Skipped, any failed: TriggerFailed; gated by its own block. */
function settleMerge(s: RunState, node: number): void {
  const rules = { trigger: undefined, skipOnUpstreamSkip: false };
  const branches = s.graph.args(node);
  const firstBranch = s.graph.inEnd(node) - branches.length;
  for (let edge = s.graph.inFirst(node); edge < firstBranch; edge++) {
    const block = s.table.state(s.graph.from(edge));
    if (block === STATE.Skipped) return endNode(s, node, STATE.Skipped);
    if (block !== STATE.Success) return endNode(s, node, STATE.TriggerFailed);
  }
  let chosen = -1;
  for (let i = 0; i < branches.length; i++) {
    const view = new UpstreamView();
    addEdge(s, view, firstBranch + i, rules);
    if (view.tally.success < view.tally.total) return endNode(s, node, STATE.TriggerFailed);
    if (chosen < 0 && !isSkipped(s, s.graph.from(firstBranch + i))) chosen = i;
  }
  const tree = branches[chosen];
  if (tree === undefined) return endNode(s, node, STATE.Skipped);
  const view = new UpstreamView();
  addEdge(s, view, firstBranch + chosen, rules);
  if (view.noValue >= 0) return failNode(s, node, upstreamHasNoValue(s, view.noValue));
  passOn(s, node, tree);
}

/** Itself, or all children that it has. */
function isSkipped(s: RunState, node: number): boolean {
  const map = s.maps.get(node);
  return map === undefined ? s.table.state(node) === STATE.Skipped : map.width > 0 && map.skipped === map.width;
}

function passOn(s: RunState, node: number, tree: GraphTree): void {
  const map = tree.kind === "ref" ? s.maps.get(tree.ref) : undefined;
  const meta =
    map !== undefined ? { length: map.width, truthy: true } : tree.kind === "ref" ? s.metaOf(tree.ref) : undefined;
  succeed(s, node, resolve(s, tree), meta);
}

/** It follows its refs without judging them: the run's value is missing where one of them has none. */
function settleResult(s: RunState, node: number): void {
  const view = new UpstreamView();
  for (let edge = s.graph.inFirst(node); edge < s.graph.inEnd(node); edge++) addEdge(s, view, edge, STRUCTURE_RULES);
  if (view.noValue >= 0) return endNode(s, node, STATE.TriggerFailed);
  succeed(s, node, resolve(s, s.graph.args(node)[0] ?? UNDEFINED_TREE), undefined);
}
