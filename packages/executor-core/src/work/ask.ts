// Owns: questions about values and requests for them, and their answers. They never count against demand.

import type { FailureData } from "./failure-data.js";
import type { AskId, FlowRunId } from "./ids.js";
import type { ValueMeta } from "./value-meta.js";
import type { SentTree } from "./value-tree.js";

/** `equals` compares with `===`. */
export type Probe = { readonly equals?: { readonly value: unknown } };

export type Ask = { readonly run: FlowRunId; readonly id: AskId; readonly tree: SentTree } & (
  | { readonly kind: "fetch" }
  | { readonly kind: "probe"; readonly probe: Probe }
);

/** `missing`: of these values there is none any more. `failed`: the tree could not be read, as a part picked from null. */
export type Answer = { readonly run: FlowRunId; readonly id: AskId } & (
  | { readonly kind: "fetched"; readonly value: unknown }
  | { readonly kind: "probed"; readonly meta: ValueMeta; readonly equal: boolean }
  | { readonly kind: "missing"; readonly missing: readonly ValueRange[] }
  | { readonly kind: "failed"; readonly failure: FailureData }
);

/** Values of consecutive task runs that were made by attempts of one number. */
export type ValueRange = { readonly first: number; readonly count: number; readonly attempt: number };
