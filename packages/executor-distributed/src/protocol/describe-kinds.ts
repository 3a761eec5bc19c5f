// Owns: the tables of messages in words, for docs/PROTOCOL.md. What goes along every link is told once.

import { betweenPeers, codeKinds, fromClient, fromWorker, sessionKinds, toClient, toWorker } from "./messages.js";
import { type AnyTable, describe } from "./shapes.js";

export type KindInWords = {
  readonly code: number;
  readonly kind: string;
  readonly bytesMax: number;
  readonly says: string;
  readonly fields: string;
};
export type WayInWords = { readonly way: string; readonly kinds: readonly KindInWords[] };

function wayOf(way: string, table: AnyTable, without: readonly AnyTable[]): WayInWords {
  const kinds = Object.entries(table)
    .filter(([kind]) => without.every((other) => !(kind in other)))
    .map(([kind, { code, bytesMax, says, fields }]) => ({ code, kind, bytesMax, says, fields: describe(fields) }));
  return { way, kinds };
}

export const describeKinds = (): readonly WayInWords[] => [
  wayOf("Every link, both ways", sessionKinds, []),
  wayOf("Between the scheduler and everybody, both ways", codeKinds, []),
  wayOf("Client to scheduler", fromClient, [sessionKinds, codeKinds]),
  wayOf("Scheduler to client", toClient, [sessionKinds, codeKinds]),
  wayOf("Scheduler to worker", toWorker, [sessionKinds, codeKinds]),
  wayOf("Worker to scheduler", fromWorker, [sessionKinds, codeKinds]),
  wayOf("Whoever wants a value to the worker that has it, and back", betweenPeers, [sessionKinds]),
];
