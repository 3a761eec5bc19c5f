// Owns: what keeps a process alive, or stays on it, counted by kind before and after: timers, sockets and the like, threads,
// listeners.
// O1. Things end by events of their own: it looks again, turn after turn, before it says that something is left.

import type { Worker } from "node:worker_threads";
import { turns } from "./suite-case.js";

const TURNS_MAX = 500;

type Counts = ReadonlyMap<string, number>;

function counted(threads: ReadonlySet<Worker>): Counts {
  const found = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) found.set(kind, (found.get(kind) ?? 0) + 1);
  // What waits for its turn: these turns themselves.
  found.delete("Immediate");
  for (const event of process.eventNames()) found.set(`listener of ${String(event)}`, process.listenerCount(event));
  found.set("thread", threads.size);
  return found;
}

/** Call it before; what it gives tells afterwards what is there more, by kind. */
export function watchResources(): () => Promise<readonly string[]> {
  const threads = new Set<Worker>();
  const noteThread = (thread: Worker): void => {
    threads.add(thread);
    thread.once("exit", () => threads.delete(thread));
  };
  process.on("worker", noteThread);
  const before = counted(threads);
  const added = (): readonly string[] =>
    [...counted(threads)].filter(([kind, count]) => count > (before.get(kind) ?? 0)).map(([kind]) => kind);
  return async () => {
    // A thread is announced in the next turn.
    await turns(2);
    for (let turn = 0; turn < TURNS_MAX && added().length > 0; turn++) await turns();
    process.off("worker", noteThread);
    return added();
  };
}
