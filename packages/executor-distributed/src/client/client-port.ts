// Owns: what a client needs of the process that it lives in.

import type { Ask } from "@millrace/core/seam";
import type { FromClient } from "../protocol/messages.js";
import type { Holding } from "../protocol/ranges.js";
import type { KeyOf } from "./state/graph-sender.js";

export interface ClientPort {
  /** To the scheduler, in order. */
  send(messages: readonly FromClient[]): void;
  /** Reads what `ask` names from these (`worker` counts in `addresses`); the answer goes to `ClusterClient.answered`. */
  follow(ask: Ask, holders: readonly Holding[], addresses: readonly string[]): void;
  readonly keyOf: KeyOf;
}
