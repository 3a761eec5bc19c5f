// What is told of changes: why task runs have no value in as many messages as frames have room for, before the changes themselves.
import { flowRunId, nodeId, STATE, StateTable, taskRunId } from "@millrace/core/seam";
import { ChangeColumns, readFrame, TO_CLIENT, type ToClient, writeFrame } from "@millrace/distributed/seam";
import { expect, test } from "vitest";
import { ClientTable } from "../../../packages/executor-distributed/src/client/state/client-table.js";
import { changeMessages } from "../../../packages/executor-distributed/src/scheduler/change-messages.js";

const run = flowRunId("run");
const FIRST = 2 ** 30;

function tableOf(width: number, message: string): StateTable {
  const table = new StateTable();
  const first = taskRunId(FIRST);
  table.expectNodes(1);
  table.addMap({ node: nodeId(0), first, width, unmade: STATE.Pending });
  for (let row = FIRST; row < FIRST + width; row++) {
    table.writable(row).state[(row - FIRST) % 4_096] = STATE.Failed;
    table.failures.set(row, { name: "Error", message });
    table.setTimes(row, 1_000 + row - FIRST, 5);
  }
  return table;
}

test("failures that are more than one frame has room for are told in several", () => {
  const table = tableOf(2_000, "m".repeat(10_000));
  const change = { node: nodeId(0), index: 0, count: 2_000, state: STATE.Failed };
  const messages = [...changeMessages(run, table, [change])];
  const read = messages.map((message): ToClient => readFrame(TO_CLIENT, writeFrame(TO_CLIENT, message, 1, 1)).message);
  const endings = read.flatMap((message) => (message.kind === "endings" ? message.endings : []));
  expect(messages.filter(({ kind }) => kind === "endings").length).toBeGreaterThan(4);
  expect(endings.map(({ index }) => index)).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
  expect(messages.at(-1)?.kind).toBe("changed");
});

test("of what ran and has ended the times are told, in the order of the changes", () => {
  const table = tableOf(3, "no");
  const [, changed] = [...changeMessages(run, table, [{ node: nodeId(0), index: 0, count: 3, state: STATE.Failed }])];
  if (changed?.kind !== "changed") throw new Error("no changes are told");
  expect(Array.from({ length: 3 }, (_, i) => [changed.times.startedAtMs(i), changed.times.durationMs(i)])).toEqual([
    [1_000, 5],
    [1_001, 5],
    [1_002, 5],
  ]);
});

test("where a map was forgotten meanwhile, the times of what comes after it are still its own, at both sides", () => {
  const table = tableOf(3, "no");
  const failed = { node: nodeId(0), index: 0, count: 3, state: STATE.Failed };
  const forgotten = { node: nodeId(1), index: 0, count: 2, state: STATE.Success };
  const there = [...changeMessages(run, table, [forgotten, failed])].at(-1);
  if (there?.kind !== "changed") throw new Error("no changes are told");
  expect(there.times.length).toBe(5);
  const mapped = { node: nodeId(0), index: undefined, count: 3, state: STATE.Mapped };
  const client = new ClientTable();
  client.states.expectNodes(2);
  client.apply(ChangeColumns.of([mapped]), there.times);
  client.apply(there.changes, there.times);
  expect([0, 1, 2].map((i) => client.states.startedAt(client.states.rowOf(nodeId(0), i) ?? -1))).toEqual([
    1_000, 1_001, 1_002,
  ]);
});
