// The seam over placement where things go wrong: runs dropped with works under way, workers lost while something is sent.
import { askId, flowRunId, type RunnerHost, taskRunId } from "@millrace/core/seam";
import {
  type ClusterLinks,
  type ClusterRunner,
  EncodedPut,
  OutcomesBuilder,
  validatePlacement,
} from "@millrace/distributed/seam";
import { expect, test } from "vitest";
import { facts, runnerOver, type Sent, template, WORKER, workOf } from "./runner-over.js";

const gpu = { ...template, args: [], needs: { resources: { gpu: 1 }, labels: [] } };
const other = { ...facts, id: flowRunId("other") };

/** Of each worker's messages their kinds, in order. */
const kinds = (sent: readonly Sent[], worker = 0): string[] =>
  sent.flatMap(({ to, message }) => (to === worker ? [message.kind] : []));

const end = (runner: ClusterRunner, worker: number, taskRun: number, run = facts.id): void => {
  const outcomes = new OutcomesBuilder();
  outcomes.add(taskRun, 1, 0, 1, { end: "value", value: { length: -1, truthy: true } }, 8);
  runner.received(worker, { kind: "outcomes", run, outcomes: outcomes.columns() });
};

test("a run dropped with a work at a worker keeps the slot and the resources until the worker has answered, and no longer", async () => {
  const sent: Sent[] = [];
  const told: number[] = [];
  const runner = await runnerOver(sent, {
    outcomes: (batches) => void told.push(...batches.map(({ length }) => length)),
  });
  runner.workerJoined(0, 1, { ...WORKER, slots: 1, resources: { gpu: 1 } });
  runner.dispatch([workOf(0, gpu)]);
  runner.dropRun(facts.id);
  expect(kinds(sent)).toEqual(["runFacts", "template", "works", "cancelWorks"]);
  // What another run has for the same resource waits: the task may still use it.
  runner.dispatch([workOf(0, gpu, other)]);
  expect(kinds(sent)).toHaveLength(4);
  end(runner, 0, 0);
  expect(kinds(sent).slice(4)).toEqual(["drop", "runFacts", "template", "works"]);
  expect(told).toEqual([]);
  end(runner, 0, 0, other.id);
  expect(told).toEqual([1]);
  runner.dropRun(other.id);
  expect(runner.counts.runs).toBe(0);
  expect(runner.placement.state.runs.size).toBe(0);
  validatePlacement(runner.placement.state);
});

test("a run dropped with works at a worker that is lost then is gone as well", async () => {
  const runner = await runnerOver([]);
  runner.workerJoined(0, 1, WORKER);
  runner.dispatch([workOf(0)]);
  runner.dropRun(facts.id);
  expect(runner.counts.runs).toBe(1);
  runner.workerLost(0);
  expect(runner.counts.runs).toBe(0);
});

test("a worker that is lost while it is sent works gets no more of them; each, and what it was asked, is answered once", async () => {
  const sent: Sent[] = [];
  const answered: string[] = [];
  let isBroken = false;
  let isAnswered: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (isAnswered = resolve));
  const add = (what: string): void => {
    if (answered.push(what) === 4) isAnswered();
  };
  const links: Partial<ClusterLinks> = {
    send: (to, messages) => {
      sent.push(...messages.map((message) => ({ to, message })));
      // Its session is over: it has too much unread.
      if (isBroken) runner.workerLost(to);
    },
  };
  const host: Partial<RunnerHost> = {
    outcomes: (batches) => {
      for (const batch of batches) for (let i = 0; i < batch.length; i++) add(batch.at(i).result.end);
    },
    answers: (answers) => {
      for (const { kind } of answers) add(kind);
    },
  };
  const runner: ClusterRunner = await runnerOver(sent, host, links);
  runner.workerJoined(0, 1, { ...WORKER, slots: 4 });
  runner.dispatch([workOf(0)]);
  end(runner, 0, 0);
  runner.ask([
    {
      run: facts.id,
      id: askId(1),
      kind: "probe",
      tree: { kind: "ref", ref: { taskRun: taskRunId(0), attempt: 1 } },
      probe: {},
    },
  ]);
  isBroken = true;
  runner.dispatch([workOf(1), workOf(2)]);
  await all;
  expect(answered.toSorted()).toEqual(["givenBack", "givenBack", "missing", "value"]);
  isBroken = false;
  const before = sent.length;
  // It comes back as another, which knows nothing of the run.
  runner.workerJoined(0, 2, { ...WORKER, slots: 4 });
  runner.dispatch([workOf(3)]);
  expect(kinds(sent.slice(before)).slice(0, 3)).toEqual(["runFacts", "template", "works"]);
});

test("a worker that comes again under its name before it was seen to be lost is told everything anew", async () => {
  const sent: Sent[] = [];
  const runner = await runnerOver(sent);
  runner.workerJoined(0, 1, { ...WORKER, slots: 4 });
  runner.dispatch([workOf(0)]);
  runner.workerJoined(0, 2, { ...WORKER, slots: 4 });
  runner.dispatch([workOf(1)]);
  expect(kinds(sent)).toEqual(["runFacts", "template", "works", "runFacts", "template", "works"]);
});

test("a work whose workers are lost again and again just when it is to begin has died at last", async () => {
  const ends: string[] = [];
  let heard: () => void = () => undefined;
  const runner = await runnerOver([], {
    outcomes: (batches) => {
      for (const batch of batches) ends.push(batch.at(0).result.end);
      heard();
    },
  });
  for (let epoch = 1; epoch <= 10; epoch++) {
    const all = new Promise<void>((resolve) => {
      heard = () => (ends.length === epoch ? resolve() : undefined);
    });
    runner.workerJoined(0, epoch, { ...WORKER, slots: 1 });
    runner.dispatch([workOf(0)]);
    // What it says of the first one is lost with it.
    runner.workerLost(0);
    await all;
  }
  expect(ends).toEqual([...Array<string>(9).fill("givenBack"), "died"]);
});

test("a work that is to run once died with its worker, whether or not that said that it had begun", async () => {
  const ends: string[] = [];
  let heard: () => void = () => undefined;
  const told = new Promise<void>((resolve) => (heard = resolve));
  const runner = await runnerOver([], {
    outcomes: (batches) => {
      for (const batch of batches) ends.push(batch.at(0).result.end);
      heard();
    },
  });
  runner.workerJoined(0, 1, WORKER);
  runner.dispatch([workOf(0, { ...template, args: [], rerun: "never" })]);
  runner.workerLost(0);
  await told;
  expect(ends).toEqual(["died"]);
});

test("a worker that was only asked about a run is told when the run is gone", async () => {
  const sent: Sent[] = [];
  const runner = await runnerOver(sent);
  runner.workerJoined(0, 1, WORKER);
  runner.put(facts.id, 0, new EncodedPut({ bytes: new Uint8Array(8), beside: [] }, { length: -1, truthy: true }));
  const tree = { kind: "ref", ref: { taskRun: taskRunId(0), attempt: 0 } } as const;
  runner.ask([{ run: facts.id, id: askId(1), kind: "probe", tree, probe: {} }]);
  runner.dropRun(facts.id);
  expect(kinds(sent)).toEqual(["ask", "drop"]);
});
