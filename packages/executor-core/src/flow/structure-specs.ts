// Owns: the specs of structure, one shared object for equal ones, so that graphs intern them.

import type { StructureSpec } from "../graph/node-spec.js";
import type { ValueMeta } from "../work/value-meta.js";

export const LIST: StructureSpec = { kind: "list" };
export const PICK: StructureSpec = { kind: "pick" };
export const GATE: StructureSpec = { kind: "gate" };
export const MERGE: StructureSpec = { kind: "merge" };
export const IS_FAILED: StructureSpec = { kind: "isFailed" };
export const SUCCEEDED: StructureSpec = { kind: "succeeded" };
export const RESULT: StructureSpec = { kind: "result" };
export const IF_TRUTHY: StructureSpec = { kind: "case", test: { is: "truthy" } };
export const IF_FALSY: StructureSpec = { kind: "case", test: { is: "falsy" } };

/** Those of one graph that have data of their own. */
export class StructureSpecs {
  private readonly records = new Map<string, StructureSpec>();
  private readonly constants = new Map<string, StructureSpec>();

  record(keys: readonly string[]): StructureSpec {
    const id = JSON.stringify(keys);
    const spec = this.records.get(id) ?? { kind: "record", keys };
    this.records.set(id, spec);
    return spec;
  }

  constant(meta: ValueMeta): StructureSpec {
    const id = `${meta.length} ${meta.truthy}`;
    const spec = this.constants.get(id) ?? { kind: "constant", meta };
    this.constants.set(id, spec);
    return spec;
  }
}
