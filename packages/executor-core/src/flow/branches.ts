// Owns: branches: `when`, `ifElse`, `merge`.
// Does not own: which nodes of a branch hang on its case (`build`).
// K1. What a branch returns is Skipped as a whole if the branch was not chosen: a ref made outside of it, and a settled
//     one, which never skips by itself, go through a gate of their own.

import { EDGE } from "../graph/flow-graph.js";
import type { StructureSpec } from "../graph/node-spec.js";
import type { NodeId } from "../work/ids.js";
import { type Build, currentBuild } from "./build.js";
import { FlowError } from "./flow-error.js";
import { edgesOf, treeOf } from "./inputs.js";
import { isPlainObject } from "./literal.js";
import { FORM, NODE, NodeRef, asNodeRef, kindOf, needNodeRef } from "./node-ref.js";
import type { NotAsync, Primitive, Ref } from "./ref-types.js";
import { GATE, IF_FALSY, IF_TRUTHY, MERGE } from "./structure-specs.js";

/** The tasks of `body` run if the condition holds; else they are skipped. */
export function when<R>(condition: Ref<boolean>, body: () => R & NotAsync<R>): R;
/** The same if the value is `===` to `equals`. */
export function when<T extends Primitive, R>(ref: Ref<T>, equals: NoInfer<T>, body: () => R & NotAsync<R>): R;
export function when(ref: Ref<unknown>, ...rest: readonly unknown[]): unknown {
  const build = currentBuild("when(...)");
  const body = rest.at(-1);
  if (rest.length === 1) return branch(build, ref, IF_TRUTHY, body, "when(...)");
  const [value] = rest;
  if (value !== null && (typeof value === "object" || typeof value === "function")) {
    const why = "compares with ===, and no result is the same object: compare in a task that gives a boolean";
    throw new FlowError("INVALID_CASE", `when(...) was given ${kindOf(value)} to compare with, but ${why}`);
  }
  return branch(build, ref, { kind: "case", test: { is: "equal", value } }, body, "when(...)");
}

/** The result of the one branch that the condition chooses. */
export function ifElse<A, B>(condition: Ref<boolean>, then: () => Ref<A>, otherwise: () => Ref<B>): Ref<A | B> {
  const build = currentBuild("ifElse(...)");
  const chosen = branch(build, condition, IF_TRUTHY, then, "ifElse(...)");
  const other = branch(build, condition, IF_FALSY, otherwise, "ifElse(...)");
  return mergeOf(build, [chosen, other], "a branch of ifElse(...)");
}

/** The first branch that is not skipped. */
export function merge<T extends readonly unknown[]>(...branches: { [K in keyof T]: Ref<T[K]> }): Ref<T[number]> {
  const build = currentBuild("merge(...)");
  if (branches.length === 0) throw new FlowError("NOT_A_REF", "merge() has nothing to choose from: give it refs");
  return mergeOf(build, branches, "merge(...)");
}

function mergeOf(build: Build, branches: readonly unknown[], place: string): NodeRef {
  const trees = branches.map((item) => treeOf(build.own(needNodeRef(item, place))));
  return new NodeRef(build, build.addNode(MERGE, trees, edgesOf(trees)));
}

function branch(build: Build, ref: unknown, spec: StructureSpec, body: unknown, place: string): unknown {
  const condition = build.own(needNodeRef(ref, place));
  if (condition[FORM] !== "plain") {
    throw new FlowError("MISPLACED_ANNOTATION", `${place} cannot test settled(...) itself: use isFailed(settled(ref))`);
  }
  if (typeof body !== "function")
    throw new FlowError("NOT_A_FUNCTION", `${place} takes a function, not ${kindOf(body)}`);
  const of = treeOf(condition);
  const caseNode = build.addNode(spec, [of], edgesOf([of]));
  return build.inBranch(caseNode, () => {
    const returned: unknown = body();
    if (returned instanceof Promise) {
      returned.catch(() => undefined);
      throw new FlowError(
        "BRANCH_ASYNC",
        `a branch of ${place} is async, but only builds the graph: move the work into a task`,
      );
    }
    return new BranchExit(build, caseNode, place).leave(returned, 0);
  });
}

const DEPTH_MAX = 1_000;

/** What leaves a branch (K1). */
class BranchExit {
  private readonly build: Build;
  private readonly caseNode: NodeId;
  private readonly place: string;
  private readonly gates = new Map<NodeRef, NodeRef>();

  constructor(build: Build, caseNode: NodeId, place: string) {
    this.build = build;
    this.caseNode = caseNode;
    this.place = place;
  }

  leave(value: unknown, depth: number): unknown {
    if (value === null || typeof value !== "object") return value;
    const ref = asNodeRef(value);
    if (ref !== undefined) return this.leaveRef(this.build.own(ref));
    if (depth > DEPTH_MAX) {
      const why = `is nested more than ${DEPTH_MAX} deep or holds itself`;
      throw new FlowError(
        "ARGUMENT_TOO_DEEP",
        `what a branch of ${this.place} returns ${why}: return refs in a plain shape`,
      );
    }
    if (Array.isArray(value)) return value.map((item) => this.leave(item, depth + 1));
    if (!isPlainObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.leave(item, depth + 1)]));
  }

  private leaveRef(ref: NodeRef): NodeRef {
    if (ref[FORM] === "plain" && this.build.isOfBranch(ref[NODE])) return ref;
    const known = this.gates.get(ref);
    if (known !== undefined) return known;
    const of = treeOf(ref);
    const gate = { from: this.caseNode, flags: EDGE.gate };
    const made = new NodeRef(this.build, this.build.addNode(GATE, [of], [gate, ...edgesOf([of])]));
    this.gates.set(ref, made);
    return made;
  }
}
