// Owns: what is told of a task run: that it changed.

import type { NodeId } from "../work/ids.js";
import type { StateCode } from "../work/kinds.js";

/** One task run, or the range of a map's children from `index` on, and the state it went to. */
export type Change = {
  readonly node: NodeId;
  readonly index: number | undefined;
  readonly count: number;
  readonly state: StateCode;
};
