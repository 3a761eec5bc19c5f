// Owns: receiving what became of a task as a value: `settled`, `settledEach`, `succeeded`, `isFailed`.
// Does not own: the value's type (`settled-types`), making it (`attempt`).
// U1. Such an edge never fails or skips its task by default; a ref is marked once, since what is marked cannot fail.

import type { GraphTree } from "../work/value-tree.js";
import { type Build, currentBuild } from "./build.js";
import { FlowError } from "./flow-error.js";
import { edgesOf, treeOf } from "./inputs.js";
import { FORM, NODE, NodeRef, type RefForm, asNodeRef, kindOf, needNodeRef } from "./node-ref.js";
import type { Ref } from "./ref-types.js";
import type { EachOf, Settled } from "./settled-types.js";
import { IS_FAILED, LIST, SUCCEEDED } from "./structure-specs.js";

/** The upstream as one: also a whole map. */
export function settled<T>(ref: Ref<T>): Ref<Settled<T>> {
  return marked(currentBuild("settled(...)"), ref, "settled", "settled(...)");
}

/** Element by element; mapped over it stays a pipeline. */
export function settledEach<T extends readonly unknown[]>(list: EachOf<T>): Ref<Settled<T[number]>[]> {
  const build = currentBuild("settledEach(...)");
  return eachOf(build, list, "settledEach(...)");
}

/** The values of the elements that succeeded, in order. */
export function succeeded<T extends readonly unknown[]>(list: EachOf<T>): Ref<T[number][]> {
  const build = currentBuild("succeeded(...)");
  const of = treeOf(eachOf(build, list, "succeeded(...)"));
  return new NodeRef(build, build.addNode(SUCCEEDED, [of], edgesOf([of])));
}

/** Whether what `settled` gives says that it failed. */
export function isFailed<T>(ref: Ref<Settled<T>>): Ref<boolean> {
  const build = currentBuild("isFailed(...)");
  const node = build.own(needNodeRef(ref, "isFailed(...)"));
  if (node[FORM] === "settledEach") {
    throw new FlowError("MISPLACED_ANNOTATION", "isFailed(...) takes what became of one task: give it settled(ref)");
  }
  const of = treeOf(node);
  return new NodeRef(build, build.addNode(IS_FAILED, [of], edgesOf([of])));
}

function eachOf(build: Build, list: unknown, place: string): NodeRef {
  if (!Array.isArray(list)) {
    if (asNodeRef(list) !== undefined) return marked(build, list, "settledEach", place);
    throw new FlowError("NOT_A_LIST", `${place} takes the ref of a list or a list of refs, not ${kindOf(list)}`);
  }
  const items = list.map((item, i): GraphTree => treeOf(marked(build, item, "settled", `${place}, at [${i}],`)));
  return new NodeRef(build, build.addNode(LIST, items, edgesOf(items)));
}

function marked(build: Build, value: unknown, form: RefForm, place: string): NodeRef {
  const ref = build.own(needNodeRef(value, place));
  if (ref[FORM] === "plain") return new NodeRef(build, ref[NODE], form);
  throw new FlowError(
    "SETTLED_TWICE",
    `${place} was given ${ref[FORM]}(...), which cannot fail: give it the ref itself`,
  );
}
