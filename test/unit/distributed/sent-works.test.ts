// Works on their way to a worker: in as few messages as there can be, each of which a frame has room for.
import { flowRunId, realClock, SingleWork, taskRunId, templateId, type WorkTemplate } from "@millrace/core/seam";
import { ClusterRunner, Opaque, TO_WORKER, type ToWorker, writeFrame } from "@millrace/distributed/seam";
import { expect, test } from "vitest";

const facts = { id: flowRunId("run"), flow: "f", name: "f-1", parameters: {} };
const template: WorkTemplate = {
  id: templateId(0),
  name: "t",
  tags: [],
  slugPrefix: "t",
  args: [{ kind: "slot", slot: 0 }],
  retry: { retries: 0, delayMs: 0 },
  timeoutMs: undefined,
  rerun: { deaths: 3 },
  fn: () => undefined,
  made: { name: "t", origin: { trace: {}, bodies: [] } },
};

async function sentWorks(count: number, bytes: number): Promise<readonly Extract<ToWorker, { kind: "works" }>[]> {
  const sent: ToWorker[] = [];
  const runner = new ClusterRunner(
    {
      send: (_worker, messages) => void sent.push(...messages),
      follow: () => undefined,
      reports: () => undefined,
      warn: () => undefined,
    },
    realClock,
  );
  await runner.start({
    demand: () => undefined,
    outcomes: () => undefined,
    answers: () => undefined,
    valuesLost: () => undefined,
    reports: () => undefined,
    failed: () => undefined,
  });
  const works = Array.from({ length: count }, (_, i) => {
    const work = new SingleWork(facts, template, taskRunId(i), 1, -1, i);
    work.slots = [{ kind: "inline", value: new Opaque(new Uint8Array(bytes)) }];
    return work;
  });
  runner.dispatch(works);
  runner.workerJoined(0, 1, { kind: "joined", address: "", slots: 64, resources: {}, labels: [], memoryMax: 2 ** 40 });
  await runner.close("kill");
  return sent.flatMap((message) => (message.kind === "works" ? [message] : []));
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
