// Owns: `referenceTasks`, with which a flow's function says what decides the flow's state (FLOW-6).

import { currentBuild } from "./build.js";
import { FlowError } from "./flow-error.js";
import { FORM, NODE, needNodeRef } from "./node-ref.js";
import type { Ref } from "./ref-types.js";

/** These decide the flow's state, instead of the terminal tasks and the returned ones; none: those again. */
export function referenceTasks(...refs: readonly Ref<unknown>[]): void {
  const build = currentBuild("referenceTasks(...)");
  const nodes = refs.map((item) => {
    const ref = build.own(needNodeRef(item, "referenceTasks(...)"));
    if (ref[FORM] === "plain") return ref[NODE];
    throw new FlowError("MISPLACED_ANNOTATION", `referenceTasks(...) takes the ref itself, not ${ref[FORM]}(...)`);
  });
  build.references = nodes.length === 0 ? undefined : [...new Set(nodes)];
}
