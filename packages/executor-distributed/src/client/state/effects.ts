// Owns: what the state of a client's run asks of the process around it.

import type {
  AskId,
  Change,
  Explanation,
  FetchRefusal,
  FlowState,
  MillraceError,
  NodeId,
  SentTree,
} from "@millrace/core/pure";
import type { FromClient } from "../../protocol/messages.js";
import type { Holding } from "../../protocol/ranges.js";

export type ClientEffect =
  | { readonly kind: "send"; readonly message: FromClient }
  | { readonly kind: "opened" }
  | { readonly kind: "changed"; readonly changes: readonly Change[] }
  | { readonly kind: "ended"; readonly nodes: readonly NodeId[] }
  | { readonly kind: "finished"; readonly state: FlowState }
  /** Nothing of it is under way any more. */
  | { readonly kind: "idle" }
  /** The value that `tree` names is to be read from these: `worker` counts in `addresses`. */
  | {
      readonly kind: "follow";
      readonly fetch: AskId;
      readonly tree: SentTree;
      readonly holders: readonly Holding[];
      readonly addresses: readonly string[];
    }
  | { readonly kind: "refused"; readonly fetch: AskId; readonly refusal: FetchRefusal }
  | { readonly kind: "explained"; readonly id: number; readonly explanation: Explanation }
  /** Undecoded. */
  | { readonly kind: "reports"; readonly reports: unknown }
  /** It cannot go on: whoever waits for something of it is told. */
  | { readonly kind: "broke"; readonly error: MillraceError };
