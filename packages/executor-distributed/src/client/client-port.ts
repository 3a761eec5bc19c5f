// Owns: what a client needs of the process that it lives in.

import type { Ask, Clock } from "@millrace/core/seam";
import type { FromClient } from "../protocol/messages.js";
import type { Holding } from "../protocol/ranges.js";
import type { KeyOf } from "./state/graph-sender.js";

export interface ClientPort {
  /** To the scheduler, in order. False: it does not keep up, and `ClusterClient.drained` will say when it does again. */
  send(messages: readonly FromClient[]): boolean;
  /** Whether the scheduler can be reached now. */
  isLinked(): boolean;
  readonly clock: Clock;
  /** Reads what `ask` names from these (`worker` counts in `addresses`); the answer goes to `ClusterClient.answered`. */
  follow(ask: Ask, holders: readonly Holding[], addresses: readonly string[]): void;
  readonly keyOf: KeyOf;
}
