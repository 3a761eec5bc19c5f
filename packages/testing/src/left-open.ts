// Owns: what keeps a process alive, counted by kind before and after.
// O1. Things end by events of their own: it looks again, turn after turn, before it says that something is left.

import { turns } from "./suite-case.js";

const TURNS_MAX = 500;

function resources(): Map<string, number> {
  const found = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) found.set(kind, (found.get(kind) ?? 0) + 1);
  // What waits for its turn: these turns themselves.
  found.delete("Immediate");
  return found;
}

/** Call it before; what it gives tells afterwards what is there more, by kind. */
export function watchResources(): () => Promise<readonly string[]> {
  const before = resources();
  const added = (): readonly string[] =>
    [...resources()].filter(([kind, count]) => count > (before.get(kind) ?? 0)).map(([kind]) => kind);
  return async () => {
    for (let turn = 0; turn < TURNS_MAX && added().length > 0; turn++) await turns();
    return added();
  };
}
