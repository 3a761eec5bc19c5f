// Owns: `constant`, a plain value as a ref.

import { currentBuild } from "./build.js";
import { FlowError } from "./flow-error.js";
import { literalTree, TreeLiterals } from "./literal.js";
import { NodeRef } from "./node-ref.js";
import type { Ref } from "./ref-types.js";

export function constant<T>(value: T): Ref<T> {
  const build = currentBuild("constant(...)");
  if (literalTree(new TreeLiterals(build), value, () => "the value of constant(...)").kind !== "inline") {
    throw new FlowError("REF_IN_CONSTANT", "constant(...) takes a value without refs: pass what holds refs as it is");
  }
  return new NodeRef(build, build.addConstant(value));
}
