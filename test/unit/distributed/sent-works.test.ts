// Works on their way to a worker: in as few messages as there can be, each of which a frame has room for.
import { SingleWork, taskRunId, templateId, type WorkTemplate } from "@millrace/core/seam";
import { Opaque, OutcomesBuilder, TO_WORKER, type ToWorker, writeFrame } from "@millrace/distributed/seam";
import { expect, test } from "vitest";
import { facts, runnerOver, type Sent, template, WORKER } from "./runner-over.js";

type Works = Extract<ToWorker, { kind: "works" }>;
const worksOf = (sent: readonly Sent[]): readonly Works[] =>
  sent.flatMap(({ message }) => (message.kind === "works" ? [message] : []));

async function sentWorks(count: number, bytes: number): Promise<readonly Works[]> {
  const sent: Sent[] = [];
  const runner = await runnerOver(sent);
  const works = Array.from({ length: count }, (_, i) => {
    const work = new SingleWork(facts, template, taskRunId(i), 1, -1, i);
    work.slots = [{ kind: "inline", value: new Opaque(new Uint8Array(bytes)) }];
    return work;
  });
  runner.dispatch(works);
  runner.workerJoined(0, 1, WORKER);
  await runner.close("kill");
  return worksOf(sent);
}

test("works with small arguments go in one message", async () => {
  const messages = await sentWorks(40, 100);
  expect(messages.map(({ works }) => works.length)).toEqual([40]);
});

test("works with large arguments go in several, each of which a frame has room for", async () => {
  const messages = await sentWorks(40, 1_000_000);
  expect(messages.reduce((sum, { works }) => sum + works.length, 0)).toBe(40);
  expect(messages).toHaveLength(10);
  for (const message of messages) expect(writeFrame(TO_WORKER, message, 1, 1).length).toBeLessThan(8_000_000);
});

test("who holds what many works read is told once a message, and in as many messages as have room for it", async () => {
  const sent: Sent[] = [];
  const runner = await runnerOver(sent);
  runner.workerJoined(0, 1, WORKER);
  runner.workerJoined(1, 1, WORKER);
  const makers = 10_000;
  const lone = { ...template, args: [] };
  runner.dispatch(Array.from({ length: makers }, (_, i) => new SingleWork(facts, lone, taskRunId(i), 1, -1, i)));
  for (let made = 0, at = 0; made < makers; at++) {
    const next = sent[at];
    if (next?.message.kind !== "works") continue;
    const outcomes = new OutcomesBuilder();
    for (let i = 0; i < next.message.works.length; i++) {
      const { taskRun, attempt } = next.message.works.bind(facts, lone).at(i);
      outcomes.add(taskRun, attempt, 0, 1, { end: "value", value: { length: -1, truthy: true } }, 8);
      made++;
    }
    runner.received(next.to, { kind: "outcomes", run: facts.id, outcomes: outcomes.columns() });
  }
  const readers = 400;
  const readsAll: WorkTemplate = {
    ...template,
    id: templateId(1),
    args: [{ kind: "children", first: taskRunId(0), count: makers, except: new Map() }],
  };
  const before = sent.length;
  runner.dispatch(
    Array.from({ length: readers }, (_, i) => new SingleWork(facts, readsAll, taskRunId(makers + i), 1, -1, i)),
  );
  const messages = worksOf(sent.slice(before));
  expect(messages.length).toBeGreaterThan(0);
  expect(messages.reduce((sum, { works }) => sum + works.length, 0)).toBeGreaterThan(64);
  for (const { holders } of messages) {
    expect(holders.reduce((sum, { count }) => sum + count, 0)).toBe(makers);
    expect(holders.length).toBeGreaterThan(1);
  }
  await runner.close("kill");
});
