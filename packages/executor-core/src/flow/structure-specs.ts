// Owns: the specs of structure that has no data of its own, one shared object each, so that graphs intern them.

import type { StructureSpec } from "../graph/node-spec.js";

export const LIST: StructureSpec = { kind: "list" };
export const PICK: StructureSpec = { kind: "pick" };
export const GATE: StructureSpec = { kind: "gate" };
export const MERGE: StructureSpec = { kind: "merge" };
export const IS_FAILED: StructureSpec = { kind: "isFailed" };
export const SUCCEEDED: StructureSpec = { kind: "succeeded" };
export const RESULT: StructureSpec = { kind: "result" };
export const IF_TRUTHY: StructureSpec = { kind: "case", test: { is: "truthy" } };
export const IF_FALSY: StructureSpec = { kind: "case", test: { is: "falsy" } };
