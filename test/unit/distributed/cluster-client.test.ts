// A client's executor: what it does with what its scheduler says, what it keeps, and how it ends.
import { askId, encodeValue, FlowGraph, flowRunId, nodeId, STATE } from "@millrace/core/seam";
import { ChangeColumns, ClusterClient, type FromClient, Opaque, type ToClient } from "@millrace/distributed/seam";
import { expect, test } from "vitest";
import { plainRequest as request } from "../../support/run-request.js";
import { TimesBuilder } from "../../../packages/executor-distributed/src/protocol/time-columns.js";
import { turns } from "../../support/gate.js";
import { ManualClock } from "../../support/manual-clock.js";

const run = request.id;
class Client {
  readonly said: FromClient[] = [];
  readonly clock = new ManualClock();
  readonly followed: number[] = [];
  isLinked = true;
  /** So many messages are taken until it is full. */
  room = Number.POSITIVE_INFINITY;
  send = (message: FromClient): void => void this.said.push(message);
  readonly executor = new ClusterClient(
    "Cluster",
    {
      clock: this.clock,
      isLinked: () => this.isLinked,
      send: (messages) => {
        for (const message of messages) this.send(message);
        this.room -= messages.length;
        return this.room > 0;
      },
      follow: (ask) => void this.followed.push(ask.id),
      keyOf: ({ made }) => ({ code: "code", source: "", name: made.name }),
    },
    () => false,
  );

  kinds(): readonly string[] {
    return this.said.splice(0).map(({ kind }) => kind);
  }

  drained(room: number): void {
    this.room = room;
    this.executor.drained();
  }
}

function executorHears({ executor }: Client, ...messages: readonly ToClient[]): void {
  for (const message of messages) executor.received(message);
}

function parameterGraph(): FlowGraph {
  const graph = new FlowGraph();
  graph.addNode({ kind: "parameter", name: "p" });
  return graph;
}

test("a run that broke is forgotten, and what it was asked is answered", async () => {
  const { executor } = new Client();
  const link = executor.open(request);
  const explained = link.explain(nodeId(0));
  expect(executor.runs).toBe(1);
  executor.received({ kind: "broke", run, failure: { name: "Stuck", code: "STUCK", message: "no" } });
  await expect(explained).rejects.toMatchObject({ code: "STUCK" });
  await expect(link.done).rejects.toMatchObject({ code: "STUCK" });
  expect(executor.runs).toBe(0);
  await executor.close();
});

test("when its session is over, its runs break and it opens no more", async () => {
  const { executor } = new Client();
  const link = executor.open(request);
  executor.over("the scheduler has ended");
  await expect(link.done).rejects.toMatchObject({ code: "SCHEDULER_LOST" });
  expect(() => executor.open(request)).toThrow(
    expect.objectContaining({ code: "SCHEDULER_LOST", message: expect.stringContaining("the scheduler has ended") }),
  );
  expect(executor.runs).toBe(0);
});

test("when its session was lost and another one comes, it opens runs again", () => {
  const client = new Client();
  client.executor.open(request);
  client.executor.lost("it was forgotten");
  client.kinds();
  client.executor.open(request);
  expect(client.kinds()).toEqual(["openRun"]);
});

test("a kill does not wait for a scheduler that cannot be reached", async () => {
  const client = new Client();
  const link = client.executor.open(request);
  client.isLinked = false;
  await client.executor.close("kill");
  expect(client.kinds()).toEqual(["openRun", "cancel", "graph", "closeRun"]);
  await expect(link.done).rejects.toMatchObject({ code: "SCHEDULER_LOST" });
});

test("a kill waits for runs to be cancelled, and not for long", async () => {
  const client = new Client();
  const [link, silent] = [client.executor.open(request), client.executor.open({ ...request, id: flowRunId("silent") })];
  let closed = false;
  const closing = client.executor.close("kill").then(() => {
    closed = true;
  });
  client.executor.received({ kind: "finished", run, state: "Cancelled", cancelReason: undefined });
  client.executor.received({ kind: "idle", run });
  await turns();
  expect([await link.done, closed]).toEqual(["Cancelled", false]);
  client.clock.advance(10_000);
  await closing;
  await expect(silent.done).rejects.toMatchObject({ code: "SCHEDULER_LOST" });
  expect(client.clock.nextInMs).toBeUndefined();
});

test("what is put goes as far as the scheduler keeps up, and the rest when it does again, in order", () => {
  const client = new Client();
  client.room = 3;
  const link = client.executor.open(request);
  link.put(nodeId(0), new Uint8Array(5_000_000));
  link.extend({ graph: parameterGraph(), first: 0, end: 1, last: true });
  client.executor.open({ ...request, id: flowRunId("other") });
  expect(client.kinds()).toEqual(["openRun", "put", "put"]);
  client.drained(1);
  expect(client.kinds()).toEqual(["put"]);
  client.drained(100);
  expect(client.kinds()).toEqual(["put", "put", "put", "graph", "openRun"]);
  link.cancel("enough");
  expect(client.kinds()).toEqual(["cancel"]);
});

test("of a run that broke nothing more is put", () => {
  const client = new Client();
  client.room = 2;
  client.executor.open(request).put(nodeId(0), new Uint8Array(5_000_000));
  client.executor.received({ kind: "broke", run, failure: { name: "Error", message: "no" } });
  client.kinds();
  client.drained(100);
  expect(client.kinds()).toEqual([]);
});

test("what cannot be sent when the scheduler keeps up again breaks its run alone", async () => {
  const client = new Client();
  client.room = 1;
  const link = client.executor.open(request);
  link.extend({ graph: parameterGraph(), first: 0, end: 1, last: true });
  client.executor.open({ ...request, id: flowRunId("other") });
  const { send } = client;
  client.send = (message) => {
    if (message.kind === "graph") throw new RangeError("too large");
    send(message);
  };
  client.drained(100);
  await expect(link.done).rejects.toMatchObject({ code: "INTERNAL", message: expect.stringContaining("too large") });
  expect(client.kinds()).toEqual(["openRun", "openRun", "abandonRun"]);
});

test("a fetch that cannot be sent rejects, and leaves nothing; the run goes on", async () => {
  const client = new Client();
  const link = client.executor.open(request);
  const { send } = client;
  client.send = () => {
    throw new RangeError("too large");
  };
  const tree = { kind: "ref", ref: nodeId(0) } as const;
  const rejected: unknown[] = [];
  link.read(tree, undefined, { resolve: () => undefined, reject: (error) => rejected.push(error) });
  expect(rejected).toMatchObject([{ message: "too large" }]);
  client.send = send;
  const fetched = link.fetch(tree);
  const recipe = { kind: "recipe", run, tree: { kind: "inline", value: 1 }, holders: [], addresses: [] } as const;
  executorHears(client, { ...recipe, fetch: 1 }, { ...recipe, fetch: 2 });
  expect(client.followed).toEqual([2]);
  client.executor.answered({ run, id: askId(2), kind: "fetched", value: 7 });
  expect(await fetched).toBe(7);
});

test("how far a task is is known while it runs, and not when it has ended", () => {
  const { executor } = new Client();
  const link = executor.open({ ...request, keepResults: "held" });
  const by = { slug: "a-1", mapIndex: undefined, taskRun: 0, attempt: 1, thread: undefined };
  const report = { run, atMs: 1, by, said: { kind: "progress", done: 1, total: 2 } };
  const reports = new Opaque(encodeValue([report]).bytes);
  const [running, over] = [STATE.Running, STATE.Success].map((state) =>
    ChangeColumns.of([{ node: nodeId(0), index: undefined, count: 1, state }]),
  );
  if (running === undefined || over === undefined) throw new Error("there are no changes");
  link.extend({ graph: parameterGraph(), first: 0, end: 1, last: false });
  const times = new TimesBuilder().columns();
  executor.received({ kind: "changed", run, changes: running, times });
  executor.received({ kind: "reports", run, count: 1, reports });
  expect(link.progress()).toMatchObject([{ slug: "a-1", done: 1 }]);
  executor.received({ kind: "changed", run, changes: over, times });
  expect(link.progress()).toEqual([]);
});
