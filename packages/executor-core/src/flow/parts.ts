// Owns: parts of a result: `pick`, `unpack`, and the nodes that read them.

import type { GraphTree } from "../work/value-tree.js";
import { type Build, currentBuild } from "./build.js";
import { FlowError } from "./flow-error.js";
import { edgesOf, treeOf } from "./inputs.js";
import { NodeRef, asNodeRef, kindOf, needNodeRef } from "./node-ref.js";
import type { Ref, Refs, Tuple } from "./ref-types.js";
import { PICK } from "./structure-specs.js";

/** An element of an array of unknown length may be missing. */
export type Picked<T, K extends keyof T> = T extends readonly unknown[]
  ? number extends T["length"]
    ? K extends number
      ? T[K] | undefined
      : T[K]
    : T[K]
  : T[K];

export function pickNode(build: Build, of: GraphTree, key: GraphTree): NodeRef {
  return new NodeRef(build, build.addNode(PICK, [of, key], edgesOf([of, key])));
}

/** One property or element of a result; the key may be a result too. */
export function pick<T extends object, K extends keyof T>(ref: Ref<T>, key: K | Ref<K>): Ref<Picked<T, K>> {
  const build = currentBuild("pick(...)");
  const of = treeOf(build.own(needNodeRef(ref, "pick(...)")));
  const keyRef = asNodeRef(key);
  if (keyRef !== undefined) return pickNode(build, of, treeOf(build.own(keyRef)));
  if (typeof key !== "string" && typeof key !== "number") {
    throw new FlowError(
      "INVALID_KEY",
      `the key of pick(...) is ${kindOf(key)}: give a text, a number, or a ref of one`,
    );
  }
  return pickNode(build, of, { kind: "inline", value: key });
}

/** The positions of a tuple, one ref each. */
export function unpack<T extends Tuple>(ref: Ref<T>, length: T["length"]): Refs<T>;
export function unpack(ref: unknown, length: number): unknown {
  const build = currentBuild("unpack(...)");
  const of = treeOf(build.own(needNodeRef(ref, "unpack(...)")));
  if (!Number.isSafeInteger(length) || length < 1) {
    throw new FlowError(
      "INVALID_OPTION",
      `the length of unpack(...) is ${kindOf(length)}: write a whole number from 1 on`,
    );
  }
  return Array.from({ length }, (_, i) => pickNode(build, of, { kind: "inline", value: i }));
}
