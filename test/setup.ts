// Fails a test file that leaves something running: a thread, a socket, a child process, a timer.
// A leak found here would otherwise show as a hang, or as a failure of some later file.
import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect } from "vitest";

const graceMs = 1_000;
const stepMs = 10;

// Node does not count threads among the active resources.
const threads = new Set<Worker>();
process.on("worker", (thread) => {
  threads.add(thread);
  thread.once("exit", () => threads.delete(thread));
});

function activeResources(): Map<string, number> {
  const counts = new Map([["Thread", threads.size]]);
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

let before = activeResources();

/** What is open now and was not before the file's first test. */
function leftOver(): string[] {
  return [...activeResources()].flatMap(([kind, count]) => {
    const more = count - (before.get(kind) ?? 0);
    return more > 0 ? [`${more} x ${kind}`] : [];
  });
}

// Without a time limit (the 0), because a limit is itself a timer.
beforeAll(() => {
  before = activeResources(); // the pipes over which vitest talks to this process
  before.delete("Timeout"); // a passing one of vitest's own, which would hide one of ours
}, 0);

// Registered first, so it runs last: after the file's own clean-up.
afterAll(async () => {
  // Threads and sockets take some turns of the event loop to end.
  for (let waitedMs = 0; waitedMs < graceMs && leftOver().length > 0; waitedMs += stepMs) await sleep(stepMs);
  expect(leftOver(), "left open by the tests of this file").toEqual([]);
}, 0);
