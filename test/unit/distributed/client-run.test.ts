// The client's pure state of one run: what goes when, and what an answer does.
import {
  askId,
  type EdgeInput,
  type FailureData,
  FlowGraph,
  flowRunId,
  type GraphTree,
  MillraceError,
  nodeId,
  type NodeId,
  type NodeSpec,
  type TaskSpec,
  STATE,
} from "@millrace/core/seam";
import {
  ChangeColumns,
  type ClientEffect,
  type ClientPort,
  ClientRun,
  FROM_CLIENT,
  type FromClient,
  GraphSender,
  IdRuns,
  readFrame,
  type ToClient,
  writeFrame,
} from "@millrace/distributed/seam";
import { expect, test } from "vitest";
import { TimesBuilder } from "../../../packages/executor-distributed/src/protocol/time-columns.js";

const run = flowRunId("run");

function specOf(name: string): TaskSpec {
  return {
    kind: "task",
    name,
    tags: [],
    fn: () => undefined,
    made: { name, origin: { trace: {}, bodies: [] } },
    args: [],
    retry: { retries: 0, delayMs: 0 },
    timeoutMs: undefined,
    rerun: { deaths: 3 },
    trigger: undefined,
    skipOnUpstreamSkip: undefined,
    mapped: false,
    maxConcurrency: undefined,
    maxOpenPipelines: undefined,
  };
}

class Client {
  readonly effects: ClientEffect[] = [];
  run: ClientRun;
  readonly graph = new FlowGraph();

  constructor(keyOf: ClientPort["keyOf"] = ({ made }) => ({ code: "code", source: "", name: made.name })) {
    this.run = new ClientRun(run, new GraphSender(keyOf), (effect) => this.effects.push(effect));
  }

  add(spec: NodeSpec, count: number, args: readonly GraphTree[] = [], edges: readonly EdgeInput[] = []): void {
    for (let i = 0; i < count; i++) this.graph.addNode(spec, args, edges);
  }

  extend(last = true, first = 0): void {
    this.run.extend({ graph: this.graph, first, end: this.graph.size, last });
  }

  get sent(): readonly FromClient[] {
    return this.effects.flatMap((effect) => (effect.kind === "send" ? [effect.message] : []));
  }

  get chunks(): readonly Extract<FromClient, { kind: "graph" }>[] {
    return this.sent.flatMap((message) => (message.kind === "graph" ? [message] : []));
  }

  get nodesSent(): number {
    return this.chunks.reduce((sum, { nodes }) => sum + nodes.length, 0);
  }

  kinds(): readonly string[] {
    return this.effects
      .splice(0)
      .map((effect) => (effect.kind === "send" ? `send ${effect.message.kind}` : effect.kind));
  }
}

const recipe = (fetch: number): ToClient => ({
  kind: "recipe",
  run,
  fetch,
  tree: { kind: "inline", value: 1 },
  holders: [],
  addresses: [],
});

test("nodes go as there is credit for them, in chunks, and the last one says so", () => {
  const client = new Client();
  client.add(specOf("a"), 20_000);
  client.extend();
  expect(client.nodesSent).toBe(8_192);
  expect(client.chunks.some(({ last }) => last)).toBe(false);
  client.run.received({ kind: "credit", run, nodes: 10_000 });
  expect(client.nodesSent).toBe(18_192);
  client.run.received({ kind: "credit", run, nodes: 10_000 });
  expect(client.nodesSent).toBe(20_000);
  expect(client.chunks.map(({ last }) => last).filter(Boolean)).toEqual([true]);
  expect(client.chunks.at(-1)?.last).toBe(true);
  // What has a chunk of its own for its spec: the first alone.
  expect(client.chunks.map(({ specs }) => specs.length)).toEqual([
    1,
    ...Array.from({ length: client.chunks.length - 1 }, () => 0),
  ]);
});

test("what the nodes before did not use of the credit is there for those that come later", () => {
  const client = new Client();
  client.add(specOf("a"), 8_000);
  client.extend(false);
  client.add(specOf("b"), 1_000);
  client.extend(false, 8_000);
  expect(client.nodesSent).toBe(8_192);
  client.run.endGraph();
  expect(client.chunks.some(({ last }) => last)).toBe(false);
  client.run.received({ kind: "credit", run, nodes: 808 });
  expect(client.nodesSent).toBe(9_000);
  expect(client.chunks.at(-1)?.last).toBe(true);
});

test("a graph that is over when all of it went ends with a chunk of no nodes", () => {
  const client = new Client();
  client.add(specOf("a"), 2);
  client.extend(false);
  client.run.endGraph();
  expect(client.chunks.map(({ nodes, last }) => [nodes.first, nodes.length, last])).toEqual([
    [0, 2, false],
    [2, 0, true],
  ]);
});

test("a node whose arguments cannot be sent goes as one that fails, with the path of what is at fault", () => {
  const client = new Client();
  client.add(specOf("a"), 1, [{ kind: "inline", value: { deep: [() => 1] } }]);
  client.add(specOf("a"), 1, [{ kind: "inline", value: 1 }]);
  client.add(specOf("a"), 1, [{ kind: "inline", value: new Uint8Array(200_000) }]);
  client.extend();
  const [chunk] = client.chunks;
  const refused = chunk?.specs.map((spec) => (spec.kind === "task" ? spec.refused : undefined));
  expect(refused?.map((failure) => failure?.code)).toEqual(["NOT_SERIALISABLE", undefined, "ARGUMENT_TOO_LARGE"]);
  expect(refused?.[0]?.message).toMatch(/argument 1 of "a-1".*deep/);
  expect([...(chunk?.nodes.nodes() ?? [])].map(({ args }) => args.length)).toEqual([0, 1, 0]);
});

test("a task whose key cannot be made fails alone, and the tasks after it are what they are", () => {
  const client = new Client(({ made }) => {
    if (made.name === "lost") throw new MillraceError("NO_SUCH_TASK", "its code is not there");
    return { code: "code", source: "", name: made.name };
  });
  for (const name of ["a", "lost", "lost", "b"]) client.add(specOf(name), 1);
  client.extend();
  const [chunk] = client.chunks;
  const names = [...(chunk?.nodes.nodes() ?? [])].map(({ spec }) => {
    const sent = chunk?.specs[spec];
    return sent?.kind === "task" ? `${sent.name} ${sent.refused?.code ?? ""}` : undefined;
  });
  expect(names).toEqual(["a ", "lost-1 NO_SUCH_TASK", "lost-2 NO_SUCH_TASK", "b "]);
});

const manyEdges = (count: number): EdgeInput[] => Array.from({ length: count }, () => ({ from: nodeId(0), flags: 0 }));
const asRead = (message: FromClient): FromClient =>
  readFrame(FROM_CLIENT, writeFrame(FROM_CLIENT, message, 1, 1)).message;

test.each([
  ["edges", [], manyEdges(200_000), "a"],
  ["arguments", Array.from({ length: 200_000 }, () => ({ kind: "ref", ref: nodeId(0) }) as const), [], "a"],
  ["long names", [], [], "n".repeat(262_000)],
])("nodes with many %s go in as many chunks as frames have room for", (_, args, edges, name) => {
  const client = new Client();
  for (let i = 0; i < 80; i++) client.add(specOf(name), 1, i < 8 ? args : [], i < 8 ? edges : []);
  client.extend();
  const read = client.chunks.map(asRead);
  expect(read.flatMap((message) => (message.kind === "graph" ? [...message.nodes.nodes()] : []))).toHaveLength(80);
});

test("specs with large values to compare with, or many labels, go in as many chunks as frames have room for", () => {
  const client = new Client();
  for (let i = 0; i < 300; i++) {
    client.add({ kind: "case", test: { is: "equal", value: `${i}${"x".repeat(60_000)}` } }, 1, [
      { kind: "ref", ref: nodeId(0) },
    ]);
    client.add({ ...specOf("a"), needs: { resources: {}, labels: [`${i}${"y".repeat(60_000)}`] } }, 1);
  }
  client.extend();
  const read = client.chunks.map(asRead);
  expect(read.flatMap((message) => (message.kind === "graph" ? [...message.nodes.nodes()] : []))).toHaveLength(600);
});

test("a trigger that takes any number of failures travels", () => {
  const client = new Client();
  const someFailed = { atLeast: 1, atMost: Number.POSITIVE_INFINITY };
  client.add({ ...specOf("a"), trigger: { someFailed } }, 1);
  client.extend();
  const [read] = client.chunks.map(asRead);
  expect(read?.kind === "graph" ? read.specs : []).toMatchObject([{ trigger: { someFailed } }]);
});

test("a node with more edges than a frame has room for ends its run, also where it goes when credit comes", () => {
  const client = new Client();
  client.add(specOf("a"), 8_192);
  client.add(specOf("wide"), 1, [], manyEdges(1_000_000));
  client.extend();
  expect(client.run.broken).toBeUndefined();
  client.kinds();
  client.run.received({ kind: "credit", run, nodes: 8_192 });
  expect(client.run.broken).toMatchObject({ code: "NODE_TOO_LARGE", message: expect.stringContaining('"wide-1"') });
  expect(client.kinds()).toEqual(["send abandonRun", "broke"]);
});

test("an argument of more parts than a frame has room for fails its task alone", () => {
  const client = new Client();
  const item = { kind: "ref", ref: nodeId(0) } as const;
  client.add(specOf("a"), 1, [{ kind: "list", items: Array.from({ length: 1_100_000 }, () => item) }]);
  client.extend();
  const [spec] = client.chunks[0]?.specs ?? [];
  expect(spec?.kind === "task" ? spec.refused?.code : undefined).toBe("ARGUMENT_TOO_LARGE");
});

test("a fetch is asked for, followed, and over when the value was read", () => {
  const client = new Client();
  const fetch = client.run.fetch({ kind: "ref", ref: nodeId(0) }, undefined);
  client.run.received(recipe(fetch));
  expect(client.kinds()).toEqual(["send fetch", "follow"]);
  expect(client.run.followed({ run, id: fetch, kind: "fetched", value: 1 })).toBe(true);
  expect(client.kinds()).toEqual(["send fetched"]);
  expect(client.run.followed({ run, id: fetch, kind: "fetched", value: 1 })).toBe(false);
});

test("a fetch whose value nobody has is asked for again, and a second recipe is followed", () => {
  const client = new Client();
  const fetch = client.run.fetch({ kind: "ref", ref: nodeId(0) }, undefined);
  client.run.received(recipe(fetch));
  client.run.received(recipe(fetch));
  expect(client.kinds()).toEqual(["send fetch", "follow"]);
  const missing = [{ first: 0, count: 1, attempt: 1 }];
  expect(client.run.followed({ run, id: fetch, kind: "missing", missing })).toBe(false);
  client.run.received(recipe(fetch));
  expect(client.kinds()).toEqual(["send fetched", "follow"]);
  client.run.received(recipe(fetch + 1));
  expect(client.kinds()).toEqual([]);
});

test("a refusal ends a fetch, also one that is being followed", () => {
  const client = new Client();
  const fetch = client.run.fetch({ kind: "ref", ref: nodeId(0) }, undefined);
  client.run.received(recipe(fetch));
  const refusal = { why: "released", slug: "a-1" } as const;
  client.run.received({ kind: "fetchRefused", run, fetch, refusal });
  client.run.received({ kind: "fetchRefused", run, fetch, refusal });
  expect(client.kinds()).toEqual(["send fetch", "follow", "refused"]);
  expect(client.run.followed({ run, id: fetch, kind: "fetched", value: 1 })).toBe(false);
});

test("a run whose session is over breaks once, with SCHEDULER_LOST, and says nothing more", () => {
  const client = new Client();
  client.run.lost("gone");
  expect(client.run.broken?.code).toBe("SCHEDULER_LOST");
  client.run.cancel("late", undefined);
  client.run.handlesChanged([], []);
  client.run.close();
  client.run.received({ kind: "finished", run, state: "Success", cancelReason: undefined });
  expect(client.kinds()).toEqual(["broke"]);
  expect(client.run.state).toBeUndefined();
});

test("an explanation comes once", () => {
  const client = new Client();
  const id = client.run.explain(nodeId(0), undefined);
  const answer: ToClient = {
    kind: "explanation",
    run,
    id,
    explanation: { code: "FINISHED", sentence: "over", waitsFor: [], story: [] },
  };
  client.run.received(answer);
  client.run.received(answer);
  expect(client.kinds()).toEqual(["send explain", "explained"]);
  expect(askId(id)).toBe(id);
});

test("a run that breaks over there breaks here with the code that it had", () => {
  const client = new Client();
  const failure = { name: "Stuck", code: "STUCK", message: "the run can make no more progress" };
  client.run.received({ kind: "broke", run, failure });
  expect(client.run.broken).toMatchObject({ code: "STUCK", message: failure.message });
  const other = new Client();
  other.run.received({ kind: "broke", run, failure: { name: "Error", message: "no" } });
  expect(other.run.broken?.code).toBe("RUN_REFUSED");
});

class PoolClient extends Client {
  override run = new ClientRun(
    run,
    new GraphSender(() => ({ code: "code", source: "", name: "a" })),
    () => undefined,
    true,
  );

  /** All of them are over, with that failure. */
  end(first: number, count: number, failure?: FailureData): void {
    const nodes = Array.from({ length: count }, (_, i) => nodeId(first + i));
    const state = failure === undefined ? STATE.Success : STATE.Failed;
    const changes = ChangeColumns.of(nodes.map((node) => ({ node, index: undefined, count: 1, state })));
    const times = new TimesBuilder();
    for (const _ of nodes) times.push(1_000, 1);
    if (failure !== undefined)
      this.run.received({
        kind: "endings",
        run,
        endings: nodes.map((node) => ({ node, index: undefined, state: { state: "Failed", failure } })),
      });
    this.run.received({ kind: "changed", run, changes, times: times.columns() });
    this.run.received({ kind: "ended", run, nodes: IdRuns.of(nodes) });
  }
}

const failure: FailureData = { name: "Error", message: "no" };
const page = (number: number): NodeId[] => Array.from({ length: 4_096 }, (_, i) => nodeId(number * 4_096 + i));

test("of a pool, what is over and has no handle goes: arguments, failures, and rows by the page", () => {
  const client = new PoolClient();
  client.add(specOf("a"), 3 * 4_096, [{ kind: "inline", value: "large" }]);
  const { states } = client.run.table;
  client.run.handlesChanged([...page(0), ...page(1)], []);
  client.extend(false);
  client.run.received({ kind: "credit", run, nodes: 10_000 });
  client.end(0, 2 * 4_096, failure);
  expect([states.failures.size, states.isMade(0), client.graph.args(0).length]).toEqual([8_192, true, 1]);
  const [kept = nodeId(0)] = page(1);
  client.run.handlesChanged([], [...page(0), ...page(1).slice(1)]);
  expect([states.isMade(0), states.isMade(kept), client.graph.args(0).length]).toEqual([false, true, 0]);
  expect([...states.failures.keys()]).toEqual([kept]);
  expect([client.graph.args(kept).length, states.state(kept)]).toEqual([1, STATE.Failed]);
  // Those that never had one: structure.
  client.end(2 * 4_096, 4_096);
  expect(states.isMade(2 * 4_096)).toBe(false);
  client.run.handlesChanged([], [kept]);
  expect([states.isMade(kept), states.failures.size]).toEqual([false, 0]);
});

test("what is still told of a node that the client has let go of is not heard, and what comes with it is", () => {
  const client = new PoolClient();
  client.add(specOf("a"), 2 * 4_096);
  const { states } = client.run.table;
  client.run.handlesChanged(page(1), []);
  client.extend(false);
  client.end(0, 4_096);
  expect(states.isMade(0)).toBe(false);
  client.end(0, 4_097, failure);
  expect([states.isMade(0), states.failures.size, states.startedAt(4_096)]).toEqual([false, 1, 1_000]);
});

test("why structure could not be sent is known as long as something may read it, and no longer", () => {
  const client = new PoolClient();
  const list: NodeSpec = { kind: "list" };
  const readsIt = (): void => {
    const at = client.graph.size;
    client.add(list, 1, [{ kind: "inline", value: () => 1 }]);
    client.add(specOf("a"), 1, [{ kind: "ref", ref: nodeId(at) }], [{ from: nodeId(at), flags: 1 }]);
    client.run.handlesChanged([nodeId(at + 1)], []);
    client.extend(false, at);
    client.end(at, 2, failure);
  };
  const known = (): unknown => Reflect.get(Reflect.get(client.run, "sender"), "refused");
  readsIt();
  readsIt();
  expect(known()).toEqual(new Map());
  // What reads it has not gone yet.
  client.add(list, 1, [{ kind: "inline", value: () => 1 }]);
  client.add(specOf("a"), 9_000);
  client.extend(false, 4);
  client.end(4, 1, failure);
  expect(known()).toMatchObject(new Map([[4, { code: "NOT_SERIALISABLE" }]]));
});

test("a map of a pool goes with its children, when it is over and has no handle", () => {
  const client = new PoolClient();
  client.add(specOf("a"), 2);
  client.run.handlesChanged([nodeId(0), nodeId(1)], []);
  client.extend(false);
  const { states } = client.run.table;
  const none = new TimesBuilder().columns();
  const mapped = { node: nodeId(0), index: undefined, count: 5_000, state: STATE.Mapped };
  const skipped = { node: nodeId(0), index: 0, count: 5_000, state: STATE.Skipped };
  const state = { state: "Skipped", raised: true, reason: "no" } as const;
  client.run.received({ kind: "endings", run, endings: [{ node: nodeId(0), index: 4_999, state }] });
  client.run.received({ kind: "changed", run, changes: ChangeColumns.of([mapped, skipped]), times: none });
  client.run.received({ kind: "ended", run, nodes: IdRuns.of([0]) });
  expect([states.maps.size, states.skips.size]).toEqual([1, 1]);
  client.run.handlesChanged([], [nodeId(0)]);
  expect([states.maps.size, states.skips.size]).toEqual([0, 0]);
});
