// What a scheduler's process makes of a client's messages, the wrong ones above all: they break that run and nothing else.
import { type Ask, askId, flowRunId, nodeId, ExecutorOver, taskRunId } from "@millrace/core/seam";
import {
  type ChunkNode,
  ClientDesk,
  ClusterRunner,
  type FromClient,
  GraphBuilder,
  IdRuns,
  type SentSpec,
  type ToClient,
} from "@millrace/distributed/seam";
import { SeededRandom, VirtualWorld } from "@millrace/testing/seam";
import { expect, test, vi } from "vitest";

const run = flowRunId("run");
const spec: SentSpec = {
  kind: "task",
  name: "a",
  tags: [],
  task: { code: "c", source: "s", name: "a" },
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
const plain: ChunkNode = { spec: 0, args: [], edges: [], slug: undefined };

class Scheduler {
  readonly world = new VirtualWorld(
    new SeededRandom(1),
    () => undefined,
    () => this.isQuiet(),
  );
  readonly runner = new ClusterRunner(
    {
      send: () => undefined,
      follow: (ask, holders) => this.follow(ask, holders),
      reports: () => undefined,
      warn: () => undefined,
    },
    this.world,
  );
  readonly executor = new ExecutorOver("scheduler", {
    runner: this.runner,
    clock: this.world,
    left: (left) => this.runner.dropRun(left),
    ownedBy: () => undefined,
    runsCaller: () => false,
  });
  readonly desk: ClientDesk = this.newDesk((message) => this.told.push(message));
  readonly told: ToClient[] = [];
  follow: ClientDesk["follow"] = (ask, holders) => this.desk.follow(ask, holders);
  private isQuiet: () => void = () => undefined;

  newDesk(tell: (message: ToClient) => void): ClientDesk {
    return new ClientDesk({
      executor: this.executor,
      runner: this.runner,
      clock: this.world,
      tell,
      isOpen: (id) => this.desk.has(id),
    });
  }

  open(desk = this.desk, names: Partial<Extract<FromClient, { kind: "openRun" }>> = {}): void {
    desk.received({
      kind: "openRun",
      facts: { id: run, flow: "f", name: "f-1", parameters: {}, checkValues: false, once: false, origin: undefined },
      keepResults: "all",
      references: undefined,
      returned: IdRuns.of([]),
      inside: undefined,
      ...names,
    });
  }

  graph(nodes: readonly ChunkNode[], { first = 0, last = true, specs = [spec] } = {}): void {
    const builder = new GraphBuilder(first);
    for (const node of nodes) builder.add(node);
    this.desk.received({ kind: "graph", run, specs, nodes: builder.columns(), last });
  }

  say(message: FromClient): void {
    this.desk.received(message);
  }

  async quiet(): Promise<readonly string[]> {
    await new Promise<void>((resolve) => {
      this.isQuiet = resolve;
      this.world.later(() => undefined);
    });
    // Promises of the run's end are told in microtasks.
    await new Promise((resolve) => setImmediate(resolve));
    return this.told.map((message) => (message.kind === "broke" ? `broke ${message.failure.code}` : message.kind));
  }
}

test("a run is opened, takes nodes, gives credit back and says what became of them", async () => {
  const scheduler = new Scheduler();
  scheduler.open();
  scheduler.graph([plain, plain], { last: false });
  expect(await scheduler.quiet()).toEqual(expect.arrayContaining(["opened", "credit"]));
  scheduler.say({ kind: "cancel", run, reason: "enough", only: undefined });
  scheduler.graph([], { first: 2, specs: [] });
  expect(await scheduler.quiet()).toEqual(expect.arrayContaining(["changed", "finished", "idle"]));
  const finished = scheduler.told.find((message) => message.kind === "finished");
  expect(finished).toMatchObject({ state: "Cancelled", cancelReason: "enough" });
});

const wrong: Record<string, (scheduler: Scheduler) => void> = {
  "nodes that do not follow on": (scheduler) => scheduler.graph([plain], { first: 5 }),
  "a spec that was not sent": (scheduler) => scheduler.graph([{ ...plain, spec: 7 }]),
  "more nodes than there is credit for": (scheduler) => scheduler.graph(Array.from({ length: 8_193 }, () => plain)),
};

test.each(Object.entries(wrong))("%s: the run breaks with GRAPH_REFUSED, and a run after it works", async (_, say) => {
  const scheduler = new Scheduler();
  scheduler.open();
  say(scheduler);
  expect(await scheduler.quiet()).toContain("broke GRAPH_REFUSED");
  scheduler.told.length = 0;
  const other = flowRunId("other");
  scheduler.say({
    kind: "openRun",
    facts: { id: other, flow: "f", name: "f-2", parameters: {}, checkValues: false, once: false, origin: undefined },
    keepResults: "all",
    references: undefined,
    returned: IdRuns.of([]),
    inside: undefined,
  });
  scheduler.say({ kind: "graph", run: other, specs: [], nodes: new GraphBuilder(0).columns(), last: true });
  expect(await scheduler.quiet()).toEqual(expect.arrayContaining(["opened", "finished", "idle"]));
});

test("a slug that is given twice breaks the run, and says which", async () => {
  const scheduler = new Scheduler();
  scheduler.open();
  scheduler.graph([
    { ...plain, slug: "mine" },
    { ...plain, slug: "mine" },
  ]);
  expect(await scheduler.quiet()).toContain("broke DUPLICATE_SLUG");
});

test("a piece of a put value that is not the next one breaks the run with PUT_REFUSED", async () => {
  const scheduler = new Scheduler();
  scheduler.open();
  const piece = { kind: "put", run, node: nodeId(0), meta: { length: -1, truthy: true }, parts: [8] } as const;
  scheduler.say({ ...piece, offset: 0, bytes: new Uint8Array(4) });
  scheduler.say({ ...piece, offset: 3, bytes: new Uint8Array(4) });
  expect(await scheduler.quiet()).toContain("broke PUT_REFUSED");
});

test("a run with the id of one that is open is refused, and the open one goes on", async () => {
  const scheduler = new Scheduler();
  scheduler.open();
  const second: ToClient[] = [];
  scheduler.open(scheduler.newDesk((message) => second.push(message)));
  expect(second.map(({ kind }) => kind)).toEqual(["broke"]);
  scheduler.graph([]);
  expect(await scheduler.quiet()).toContain("finished");
});

test("what is said of a run that is not one's own is not heard", async () => {
  const scheduler = new Scheduler();
  scheduler.open();
  scheduler.graph([plain], { last: true });
  const other = scheduler.newDesk(() => undefined);
  other.received({ kind: "cancel", run, reason: "not mine", only: undefined });
  expect(await scheduler.quiet()).not.toContain("finished");
});

test("runs of a client that is gone for good end, and leave nothing", async () => {
  const scheduler = new Scheduler();
  scheduler.open();
  scheduler.graph([plain], { last: false });
  await scheduler.quiet();
  scheduler.desk.vanished();
  expect(await scheduler.quiet()).toContain("finished");
  expect(scheduler.desk.has(run)).toBe(false);
  await scheduler.executor.close();
});

// Frames of a few bytes: what they name is as many ids as there can be, or the last of them.
const everyId = IdRuns.range(0, 2 ** 31 - 1);
const lastId = IdRuns.of([2 ** 31 - 2]);
const none = IdRuns.of([]);

const floods: Record<string, (scheduler: Scheduler) => void> = {
  "keeps every id": (scheduler) => scheduler.say({ kind: "handlesChanged", run, keep: everyId, forget: none }),
  "keeps the last id": (scheduler) => scheduler.say({ kind: "handlesChanged", run, keep: lastId, forget: none }),
  "forgets every id": (scheduler) => scheduler.say({ kind: "handlesChanged", run, keep: none, forget: everyId }),
  "cancels every id": (scheduler) => scheduler.say({ kind: "cancel", run, reason: "enough", only: everyId }),
  "puts what belongs to the last id": (scheduler) => {
    const meta = { length: -1, truthy: true };
    const [node, parts, bytes] = [nodeId(2 ** 31 - 2), [4], new Uint8Array(4)];
    scheduler.say({ kind: "put", run, node, meta, parts, offset: 0, bytes });
  },
};

test.each(Object.entries(floods))(
  "a client that %s costs no more than its frame, and its run goes on",
  async (_, say) => {
    const scheduler = new Scheduler();
    scheduler.open(scheduler.desk, { keepResults: "returned", returned: everyId });
    say(scheduler);
    scheduler.graph([], { last: true, specs: [] });
    expect(await scheduler.quiet()).toEqual(expect.arrayContaining(["finished", "idle"]));
  },
);

test.each([
  ["every id", everyId],
  ["an id that never comes", lastId],
])("a run whose references are %s breaks with GRAPH_REFUSED when its graph is whole", async (_, references) => {
  const scheduler = new Scheduler();
  scheduler.open(scheduler.desk, { references });
  scheduler.graph([], { last: true, specs: [] });
  expect(await scheduler.quiet()).toContain("broke GRAPH_REFUSED");
});

test("a run that names its nodes twice in one message breaks with GRAPH_REFUSED", async () => {
  const scheduler = new Scheduler();
  scheduler.open();
  scheduler.graph([plain], { last: false });
  scheduler.say({ kind: "handlesChanged", run, keep: IdRuns.of([0, 0]), forget: none });
  expect(await scheduler.quiet()).toContain("broke GRAPH_REFUSED");
});

test("what is said of nodes before they come holds when they have come", async () => {
  const scheduler = new Scheduler();
  scheduler.open(scheduler.desk, { keepResults: "returned", returned: IdRuns.of([2]), references: IdRuns.of([2, 1]) });
  scheduler.say({ kind: "cancel", run, reason: "not that", only: IdRuns.of([2]) });
  scheduler.graph([plain, plain], { last: false });
  scheduler.graph([plain], { first: 2, last: false, specs: [] });
  expect(await scheduler.quiet()).not.toContain("finished");
  scheduler.say({ kind: "cancel", run, reason: "nor these", only: IdRuns.of([0, 1]) });
  scheduler.graph([], { first: 3, specs: [] });
  expect(await scheduler.quiet()).toContain("finished");
  const [state] = scheduler.told.filter((message) => message.kind === "finished");
  expect(state).toMatchObject({ state: "Cancelled" });
});

/** Of one parameter, which was put. */
function putOnly(scheduler: Scheduler): void {
  const meta = { length: -1, truthy: true };
  scheduler.say({ kind: "put", run, node: nodeId(0), meta, parts: [1], offset: 0, bytes: new Uint8Array(1) });
  scheduler.graph([plain], { specs: [{ kind: "parameter", name: "p" }] });
}
const fetchIt: FromClient = { kind: "fetch", run, fetch: 1, tree: { kind: "ref", ref: nodeId(0) }, index: undefined };

test("a run that broke leaves nothing here", async () => {
  const scheduler = new Scheduler();
  scheduler.open();
  putOnly(scheduler);
  scheduler.graph([plain], { first: 7 });
  await scheduler.quiet();
  expect(scheduler.desk.has(run)).toBe(false);
  expect(scheduler.runner.counts).toEqual({ runs: 0, puts: 0 });
});

test("a run that breaks when it has ended tells its client, and leaves nothing here", async () => {
  const scheduler = new Scheduler();
  scheduler.open();
  putOnly(scheduler);
  expect(await scheduler.quiet()).toContain("idle");
  expect(scheduler.runner.counts).toEqual({ runs: 1, puts: 1 });
  scheduler.follow = () => {
    throw new TypeError("a bug of its own");
  };
  scheduler.say(fetchIt);
  expect((await scheduler.quiet()).slice(-2)).toEqual(["fetchRefused", "broke RUNNER_FAULT"]);
  expect(scheduler.desk.has(run)).toBe(false);
  expect(scheduler.runner.counts).toEqual({ runs: 0, puts: 0 });
});

test("a run that is closed leaves nothing here when it is idle, also where it was not yet", async () => {
  const scheduler = new Scheduler();
  scheduler.open();
  scheduler.graph([plain], { last: true });
  scheduler.say({ kind: "closeRun", run });
  scheduler.say({ ...fetchIt, fetch: 3 });
  expect(scheduler.told.at(-1)).toMatchObject({ kind: "fetchRefused", fetch: 3 });
  await scheduler.quiet();
  expect(scheduler.desk.has(run)).toBe(true);
  scheduler.say({ kind: "cancel", run, reason: "enough", only: undefined });
  expect(await scheduler.quiet()).toContain("idle");
  expect(scheduler.desk.has(run)).toBe(false);
});

test("whoever asks for something of a run that is not here any more is told so", async () => {
  const scheduler = new Scheduler();
  scheduler.say(fetchIt);
  scheduler.say({ kind: "explain", run, id: 4, node: nodeId(0), index: undefined });
  const refusal = { why: "failed", failure: { code: "RUN_CLOSED" } };
  expect(scheduler.told).toMatchObject([
    { kind: "fetchRefused", run, fetch: 1, refusal },
    { kind: "explanation", run, id: 4 },
  ]);
  const answered = vi.spyOn(scheduler.runner, "answered");
  const tree = { kind: "ref", ref: { taskRun: taskRunId(0), attempt: 0 } } as const;
  const ask: Ask = { run, id: askId(5), tree, kind: "fetch" };
  scheduler.desk.follow(ask, []);
  expect(answered.mock.calls).toMatchObject([[[{ run, id: 5, kind: "failed", failure: { code: "RUN_CLOSED" } }]]]);
});

test("a run that breaks gives back the slots of works that wait for something of it", async () => {
  const scheduler = new Scheduler();
  const { executor } = scheduler;
  const drive = executor.drive.bind(executor);
  let waiting = 0;
  vi.spyOn(executor, "drive").mockImplementation((request) => {
    const driver = drive(request);
    vi.spyOn(driver, "waitsInside").mockImplementation(() => {
      waiting++;
      return () => waiting--;
    });
    return driver;
  });
  scheduler.open();
  const work = { run: flowRunId("outer"), taskRun: taskRunId(1), attempt: 1 };
  scheduler.say({ kind: "waits", run, work, on: true });
  expect(waiting).toBe(1);
  scheduler.say({ kind: "abandonRun", run });
  await scheduler.quiet();
  expect(waiting).toBe(0);
});

test("the id of a run that a worker still has something of is not free", async () => {
  const scheduler = new Scheduler();
  scheduler.runner.workerJoined(0, 1, {
    kind: "joined",
    address: "",
    slots: 1,
    resources: {},
    labels: [],
    memoryMax: 1,
  });
  scheduler.open();
  scheduler.graph([plain], { last: false });
  await scheduler.quiet();
  scheduler.say({ kind: "abandonRun", run });
  await scheduler.quiet();
  scheduler.told.length = 0;
  scheduler.open();
  expect(scheduler.told).toMatchObject([{ kind: "broke", run }]);
  scheduler.runner.workerLost(0);
  scheduler.told.length = 0;
  scheduler.open();
  scheduler.graph([]);
  expect(await scheduler.quiet()).toContain("finished");
  expect(scheduler.runner.counts).toEqual({ runs: 0, puts: 0 });
});
