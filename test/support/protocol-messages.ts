// Owns: one random message of each kind of the cluster's protocol, from a seed.
import {
  type BetweenPeers,
  ChangeColumns,
  type ChunkNode,
  type Direction,
  BETWEEN_PEERS,
  FROM_CLIENT,
  FROM_WORKER,
  type FromClient,
  type FromWorker,
  GraphBuilder,
  IdRuns,
  Opaque,
  OutcomesBuilder,
  type SentAnswer,
  type SentFacts,
  type SentSpec,
  SlabBuilder,
  TO_CLIENT,
  TO_WORKER,
  type ToClient,
  type ToWorker,
  WorkNames,
  WorksBuilder,
  type TimeColumns,
  TimesBuilder,
} from "@millrace/distributed/seam";
import {
  askId,
  type FailureData,
  flowRunId,
  type GraphTree,
  nodeId,
  type OutcomeEnd,
  type SentTree,
  stateCode,
  type TaskKey,
  taskRunId,
  templateId,
  type ValueRange,
  type ValueRef,
  type ValueTree,
} from "@millrace/core/pure";
import type { SeededRandom } from "@millrace/testing/seam";

const WORDS = ["a", "", "__proto__", "constructor", "größe", "\ud800 alone", "日本", "nul\0", "../x", "toString", "🦆"];

class Maker {
  readonly random: SeededRandom;

  constructor(random: SeededRandom) {
    this.random = random;
  }

  below = (end: number): number => this.random.below(end);
  bool = (): boolean => this.random.chance(0.5);
  text = (): string => WORDS[this.below(WORDS.length)] + (this.bool() ? String(this.below(1_000)) : "");
  uint = (): number => Math.floor(2 ** (this.random.next() * 50));
  maybe = <T>(make: () => T): T | undefined => (this.bool() ? make() : undefined);
  list = <T>(make: (i: number) => T, max = 5): T[] => Array.from({ length: this.below(max + 1) }, (_, i) => make(i));
  bytes = (): Uint8Array => Uint8Array.from(this.list(() => this.below(256), 40));
  opaque = (): Opaque => new Opaque(Uint8Array.from([1, ...this.list(() => this.below(256), 12)]));
  id = (): number => this.below(this.bool() ? 100 : 2 ** 31);
  run = () => flowRunId(this.text());
  nodes = (): IdRuns => {
    let id = this.below(50);
    return IdRuns.of(this.list(() => nodeId((id += this.random.chance(0.8) ? 1 : this.below(1_000))), 40));
  };
  ranges = (): ValueRange[] =>
    this.list(() => ({ first: this.below(2 ** 20), count: this.below(2 ** 20), attempt: this.below(9) }));
  times = (): TimeColumns => {
    const builder = new TimesBuilder();
    for (let left = this.below(4); left > 0; left--) builder.push(1_000 + this.below(1e6), this.below(1e4));
    return builder.columns();
  };
  holders = () => this.ranges().map((range) => ({ ...range, worker: this.below(9) }));
  names = (): WorkNames => {
    let id = this.below(50);
    return WorkNames.of(
      this.list(() => ({ taskRun: (id += 1 + (this.bool() ? 0 : this.below(9))), attempt: 1 + this.below(2) }), 30),
    );
  };

  failure = (depth = 0): FailureData => ({
    name: this.text(),
    message: this.text(),
    ...(this.bool() && { className: this.text(), code: this.text() }),
    ...(this.bool() && { stack: this.text(), fields: Uint8Array.from(this.bytes()) }),
    ...(depth < 3 && this.bool() && { cause: this.failure(depth + 1) }),
    ...(depth < 2 && this.bool() && { errors: this.list(() => this.failure(depth + 1), 3) }),
  });

  tree<Name>(name: () => Name, depth = 0): ValueTree<Name> {
    const part = (): ValueTree<Name> => this.tree(name, depth + 1);
    switch (depth > 3 ? this.below(3) : this.below(11)) {
      case 0:
        return { kind: "inline", value: this.opaque() };
      case 1:
        return { kind: "ref", ref: name() };
      case 2:
        return { kind: "slot", slot: this.below(9) };
      case 3:
        return { kind: "pick", of: part(), key: part() };
      case 4:
        return { kind: "element", of: part() };
      case 5:
        return { kind: "settledEach", of: part() };
      case 6:
        return { kind: "succeeded", of: part() };
      case 7:
        return { kind: "list", items: this.list(part) };
      case 8: {
        const items = this.list(part);
        return { kind: "record", keys: items.map(this.text), items };
      }
      case 9:
        return this.bool()
          ? { kind: "settled", of: part() }
          : { kind: "settled", of: part(), state: { state: "Failed", failure: this.failure() } };
      default: {
        const except = new Map([[3, part()] as const, [900, part()] as const]);
        const children = { kind: "children", first: taskRunId(2 ** 30), count: 1_000, except } as const;
        return this.bool() ? children : { ...children, attempts: new Map([[0, 2] as const, [7, 3] as const]) };
      }
    }
  }

  ref = (): ValueRef => ({ taskRun: taskRunId(this.id()), attempt: this.below(4) });
  sentTree = (): SentTree => this.tree(this.ref);
  graphTree = (): GraphTree => this.tree(() => nodeId(this.id()));
  key = (): TaskKey => ({ code: this.text(), source: this.text(), name: this.text() });
  facts = (): SentFacts => ({
    id: this.run(),
    flow: this.text(),
    name: this.text(),
    parameters: { [this.text()]: this.opaque(), a: this.maybe(() => this.opaque()) },
    checkValues: this.bool(),
    once: this.bool(),
    origin: this.maybe(this.key),
  });
  meta = () => (this.bool() ? { length: this.below(1e6), truthy: true } : { length: -1, truthy: this.bool() });
  work = () => ({ run: this.run(), taskRun: taskRunId(this.id()), attempt: this.below(9) });

  spec(): SentSpec {
    switch (this.below(5)) {
      case 0:
        return { kind: "constant", meta: this.meta() };
      case 1:
        return { kind: "record", keys: this.list(this.text) };
      case 2:
        return { kind: "case", test: this.bool() ? { is: "falsy" } : { is: "equal", value: this.opaque() } };
      case 3:
        return { kind: "parameter", name: this.text() };
      default:
        return {
          kind: "task",
          name: this.text(),
          tags: this.list(this.text),
          task: this.key(),
          args: this.list(this.text),
          retry: { retries: this.below(9), delayMs: this.random.next() },
          timeoutMs: this.maybe(this.uint),
          rerun: this.bool() ? "never" : { deaths: this.below(4) },
          trigger: this.bool() ? "allFinished" : { someFailed: { atLeast: 0.5, atMost: undefined } },
          skipOnUpstreamSkip: this.maybe(this.bool),
          mapped: this.bool(),
          maxConcurrency: this.maybe(this.uint),
          maxOpenPipelines: this.maybe(this.uint),
          needs: this.maybe(() => this.needs()),
          priority: this.maybe(this.priority),
          refused: this.maybe(() => this.failure()),
        };
    }
  }

  graph() {
    const first = this.below(1_000);
    const builder = new GraphBuilder(first);
    const kinds = this.below(3);
    const arg = (): GraphTree =>
      kinds === 0
        ? { kind: "inline", value: this.opaque() }
        : kinds === 1
          ? { kind: "ref", ref: nodeId(this.below(first + 1)) }
          : this.graphTree();
    for (const node of this.list<ChunkNode>(
      () => ({
        spec: this.below(3),
        args: this.list(arg, 2),
        edges: this.list(() => ({ from: nodeId(this.below(2_000)), flags: this.below(64) }), 2),
        slug: this.random.chance(0.2) ? this.text() : undefined,
      }),
      40,
    ))
      builder.add(node);
    return builder.columns();
  }

  works() {
    const builder = new WorksBuilder();
    const kinds = this.below(3);
    const slot = (): SentTree =>
      kinds === 0
        ? { kind: "inline", value: this.opaque() }
        : kinds === 1
          ? { kind: "ref", ref: this.ref() }
          : this.sentTree();
    const slots = this.below(3);
    let id = this.below(1_000);
    const odd = this.random.chance(0.7) ? 0 : 0.2;
    for (let i = this.below(40); i >= 0; i--) {
      id += this.random.chance(odd) ? this.below(100) : 1;
      builder.add({
        taskRun: taskRunId(id),
        attempt: this.random.chance(odd) ? 2 : 1,
        index: this.random.chance(odd) ? this.below(9) : -1,
        runCount: this.random.chance(odd) ? 300 : 1,
        loopCount: this.random.chance(odd) ? 70_000 : 1,
        loopValue: this.random.chance(odd) ? this.opaque() : undefined,
        slug: this.random.chance(odd) ? this.text() : id,
        slots: slots === 0 ? undefined : Array.from({ length: slots }, slot),
        inputAttempts: this.random.chance(odd) ? new Map([[taskRunId(4), 2] as const]) : undefined,
      });
    }
    return builder.columns();
  }

  readonly priority = (): number => this.below(2_000_001) - 1_000_000;

  needs() {
    return {
      resources: Object.fromEntries([
        ["gpu", this.random.next() * 2 ** 33],
        ["__proto__", 2],
      ]),
      labels: this.list(this.text),
    };
  }

  end(odd: number): OutcomeEnd {
    if (!this.random.chance(odd)) return { end: "value", value: this.random.chance(odd) ? this.meta() : this.meta() };
    switch (this.below(7)) {
      case 6:
        return { end: "givenBack", missing: this.ranges() };
      case 0:
        return { end: "signal", signal: { kind: "skip", reason: this.text() } };
      case 1:
        return { end: "signal", signal: { kind: "loop", next: this.opaque() } };
      case 2:
        return { end: "failed", failure: this.failure(), retry: "no" };
      case 3:
        return { end: "failed", failure: this.failure(), retry: { delayMs: 1.5 } };
      case 4:
        return this.bool() ? { end: "timedOut" } : { end: "timedOut", goesOn: true };
      default:
        return { end: "died", cause: this.failure() };
    }
  }

  outcomes() {
    const builder = new OutcomesBuilder();
    const odd = this.random.chance(0.6) ? 0 : 0.2;
    let [id, at] = [this.below(1_000), 1.7e12];
    for (let i = this.below(40); i >= 0; i--) {
      id += this.random.chance(odd) ? this.below(100) : 1;
      const durationMs = this.below(100_000) / 1_000;
      const end = this.end(odd);
      builder.add(id, 1, at, durationMs, end, end.end !== "value" ? 0 : this.bool() ? this.opaque() : this.uint());
      at += durationMs + (this.random.chance(odd) ? this.below(9) - 4 : 0);
    }
    return builder.columns();
  }

  changes = () =>
    ChangeColumns.of(
      this.list(
        () => ({
          node: nodeId(this.id()),
          index: this.maybe(() => this.below(1_000)),
          count: 1 + this.below(1_000),
          state: stateCode(this.below(11)),
        }),
        30,
      ),
    );

  answer = (): SentAnswer => {
    const id = askId(this.uint());
    switch (this.below(4)) {
      case 0:
        return { kind: "fetched", id, value: this.maybe(this.opaque) };
      case 1:
        return { kind: "probed", id, meta: this.meta(), equal: this.bool() };
      case 2:
        return { kind: "failed", id, failure: this.failure() };
      default:
        return { kind: "missing", id, missing: this.ranges() };
    }
  };

  slab() {
    const builder = new SlabBuilder();
    for (const piece of this.list(this.opaque, 20)) builder.push(piece);
    return builder.slab();
  }
}

type Makers<M extends { readonly kind: string }> = {
  readonly [K in M["kind"]]: (m: Maker) => Omit<Extract<M, { readonly kind: K }>, "kind">;
};
type Session = Extract<
  FromClient,
  { readonly kind: "hello" | "welcome" | "refused" | "heartbeat" | "heartbeatAck" | "bye" }
>;
type Code = Extract<FromClient, { readonly kind: "wantCode" | "code" | "noCode" }>;

const session: Makers<Session> = {
  hello: (m) => ({
    role: "worker",
    protocol: m.uint(),
    release: m.text(),
    name: m.text(),
    session: m.maybe(m.text),
    epoch: m.uint(),
    lastSeen: m.uint(),
    nonce: m.uint(),
  }),
  welcome: (m) => ({
    session: m.text(),
    epoch: m.uint(),
    release: m.text(),
    heartbeatMs: m.uint(),
    resumedFrom: m.maybe(m.uint),
    nonce: m.uint(),
  }),
  refused: (m) => ({ code: m.text(), message: m.text() }),
  heartbeat: (m) => ({ seen: m.uint() }),
  heartbeatAck: (m) => ({ seen: m.uint() }),
  bye: (m) => ({ reason: m.text() }),
};
const code: Makers<Code> = {
  wantCode: (m) => ({ hash: m.text() }),
  code: (m) => ({ hash: m.text(), total: m.uint(), offset: m.uint(), bytes: m.bytes() }),
  noCode: (m) => ({ hash: m.text() }),
};

const fromClient: Makers<FromClient> = {
  ...session,
  ...code,
  openRun: (m) => ({
    facts: m.facts(),
    keepResults: "held",
    references: m.maybe(m.nodes),
    returned: m.nodes(),
    inside: m.maybe(m.work),
  }),
  graph: (m) => ({ run: m.run(), specs: m.list(() => m.spec()), nodes: m.graph(), last: m.bool() }),
  put: (m) => ({
    run: m.run(),
    node: nodeId(m.id()),
    meta: m.meta(),
    parts: m.list(m.uint),
    offset: m.uint(),
    bytes: m.bytes(),
  }),
  handlesChanged: (m) => ({ run: m.run(), keep: m.nodes(), forget: m.nodes() }),
  fetch: (m) => ({ run: m.run(), fetch: m.uint(), tree: m.graphTree(), index: m.maybe(m.uint) }),
  fetched: (m) => ({ run: m.run(), fetch: m.uint(), missing: m.ranges() }),
  unreadable: (m) => ({ run: m.run(), fetch: m.uint(), failure: m.failure() }),
  cancel: (m) => ({ run: m.run(), reason: m.text(), only: m.maybe(m.nodes) }),
  explain: (m) => ({ run: m.run(), id: m.uint(), node: nodeId(m.id()), index: m.maybe(m.uint) }),
  listening: (m) => ({ run: m.run(), ends: m.bool() }),
  waits: (m) => ({ run: m.run(), work: m.work(), on: m.bool() }),
  abandonRun: (m) => ({ run: m.run() }),
  closeRun: (m) => ({ run: m.run() }),
};

const toClient: Makers<ToClient> = {
  ...session,
  ...code,
  opened: (m) => ({ run: m.run() }),
  credit: (m) => ({ run: m.run(), nodes: m.uint() }),
  changed: (m) => ({ run: m.run(), changes: m.changes(), times: m.times() }),
  ended: (m) => ({ run: m.run(), nodes: m.nodes() }),
  endings: (m) => ({
    run: m.run(),
    endings: m.list(() => ({
      node: nodeId(m.id()),
      index: m.maybe(m.uint),
      state: m.bool()
        ? ({ state: "TimedOut", failure: m.failure() } as const)
        : ({ state: "Skipped", raised: m.bool(), reason: m.text() } as const),
    })),
  }),
  finished: (m) => ({ run: m.run(), state: "Cancelled", cancelReason: m.maybe(m.text) }),
  recipe: (m) => ({
    run: m.run(),
    fetch: m.uint(),
    tree: m.sentTree(),
    holders: m.holders(),
    addresses: m.list(m.text),
  }),
  fetchRefused: (m) => ({
    run: m.run(),
    fetch: m.uint(),
    refusal: m.bool()
      ? { why: "noValue", slug: m.text(), state: m.text(), failure: m.maybe(() => m.failure()) }
      : m.bool()
        ? { why: "released", slug: m.text() }
        : { why: m.bool() ? "failed" : "lost", failure: m.failure() },
  }),
  explanation: (m) => ({
    run: m.run(),
    id: m.uint(),
    explanation: {
      code: "RESOURCES_IN_USE",
      sentence: m.text(),
      waitsFor: m.list(m.text),
      story: m.list(() => ({ atMs: m.uint(), from: "Running", to: "Retrying", cause: "died", attempt: m.uint() })),
    },
  }),
  idle: (m) => ({ run: m.run() }),
  broke: (m) => ({ run: m.run(), failure: m.failure() }),
  reports: (m) => ({ run: m.run(), count: m.uint(), reports: m.opaque() }),
};

const toWorker: Makers<ToWorker> = {
  ...session,
  ...code,
  runFacts: (m) => ({ facts: m.facts() }),
  template: (m) => ({
    run: m.run(),
    template: {
      id: templateId(m.id()),
      name: m.text(),
      tags: m.list(m.text),
      slugPrefix: m.text(),
      args: m.list(m.sentTree),
      retry: { retries: m.below(9), delayMs: m.random.next() },
      timeoutMs: m.maybe(m.uint),
      rerun: m.bool() ? "never" : { deaths: 3 },
      needs: m.maybe(() => m.needs()),
      priority: m.maybe(m.priority),
      task: m.key(),
    },
  }),
  works: (m) => ({ run: m.run(), template: templateId(m.id()), works: m.works(), holders: m.holders() }),
  cancelWorks: (m) => ({ run: m.run(), works: m.names(), reason: m.text() }),
  takeBack: (m) => ({ run: m.run(), works: m.names() }),
  release: (m) => ({ run: m.run(), values: m.ranges() }),
  ask: (m) => ({
    run: m.run(),
    id: askId(m.uint()),
    tree: m.sentTree(),
    question: m.bool() ? { kind: "fetch" } : { kind: "probe", equals: m.maybe(() => ({ value: m.opaque() })) },
    holders: m.holders(),
  }),
  drop: (m) => ({ run: m.run() }),
  peer: (m) => ({ worker: m.uint(), name: m.text(), address: m.text() }),
  peerGone: (m) => ({ worker: m.uint() }),
};

const fromWorker: Makers<FromWorker> = {
  ...session,
  ...code,
  joined: (m) => ({
    address: m.text(),
    slots: 1 + m.below(65_536),
    resources: m.needs().resources,
    labels: m.list(m.text),
    memoryMax: m.uint(),
  }),
  began: (m) => ({ run: m.run(), works: m.names() }),
  outcomes: (m) => ({ run: m.run(), outcomes: m.outcomes() }),
  answers: (m) => ({ run: m.run(), answers: m.list(m.answer) }),
  givenBack: (m) => ({ run: m.run(), works: m.names(), because: "missing", missing: m.ranges() }),
  valuesAdded: (m) => ({ run: m.run(), values: m.ranges(), bytes: m.uint(), tookMs: m.below(1e4) / 4 }),
  valuesDropped: (m) => ({ run: m.run(), values: m.ranges() }),
  status: (m) => ({ running: m.uint(), memory: m.uint(), level: "paused" }),
  leaving: (m) => ({ reason: m.text() }),
  reports: (m) => ({ run: m.run(), count: m.uint(), reports: m.opaque() }),
};

const betweenPeers: Makers<BetweenPeers> = {
  ...session,
  wanted: (m) => ({
    request: m.uint(),
    run: m.run(),
    values: m.ranges(),
    elements: m.maybe(() => ({ first: m.uint(), count: m.uint() })),
  }),
  piece: (m) => ({
    request: m.uint(),
    taskRun: taskRunId(m.id()),
    attempt: m.uint(),
    parts: m.list(m.uint),
    sum: m.uint(),
    offset: m.uint(),
    bytes: m.bytes(),
  }),
  small: (m) => ({ request: m.uint(), names: m.names(), values: m.slab() }),
  missing: (m) => ({ request: m.uint(), values: m.ranges() }),
  unwanted: (m) => ({ request: m.uint() }),
};

export type AnyMessage = { readonly kind: string };
export type Way = {
  readonly direction: Direction<AnyMessage>;
  readonly kinds: readonly string[];
  make(kind: string, random: SeededRandom): AnyMessage;
};

const way = (direction: unknown, makers: object): Way => ({
  direction: direction as Direction<AnyMessage>,
  kinds: Object.keys(makers),
  make: (kind, random) => {
    const make: unknown = Reflect.get(makers, kind);
    if (typeof make !== "function") throw new TypeError(`no message of kind ${kind} can be made`);
    return { kind, ...(Reflect.apply(make, undefined, [new Maker(random)]) as object) };
  },
});

export const ways: readonly Way[] = [
  way(FROM_CLIENT, fromClient),
  way(TO_CLIENT, toClient),
  way(TO_WORKER, toWorker),
  way(FROM_WORKER, fromWorker),
  way(BETWEEN_PEERS, betweenPeers),
];
