// Owns: one run of a client in the scheduler's process: what the client says becomes calls of its driver, what happens is told.
// Does not own: the session (`client-desk`), states (the driver's scheduler).
// D1. What cannot be right (a graph that does not follow on, more nodes than there is credit for) breaks the run, and nothing else.

import {
  type Ask,
  type Clock,
  type Driver,
  type ExecutorOver,
  failureDataOf,
  type FailureData,
  type FlowRunId,
  MillraceError,
  type NodeId,
  travelling,
  workName,
} from "@millrace/core/seam";
import type { FetchRefusal } from "@millrace/core/pure";
import { Heap, type Heaped } from "../placement/heap.js";
import { IdRuns } from "../protocol/id-runs.js";
import { START_CREDIT } from "../protocol/limits.js";
import type { FromClient, ToClient } from "../protocol/messages.js";
import type { Holding } from "../protocol/ranges.js";
import { changeMessages } from "./change-messages.js";
import type { ClusterRunner } from "./cluster-runner.js";
import { ReceivedGraph } from "./received-graph.js";
import { type Naming, NodeNames, nodesWithin } from "./node-names.js";
import { type EncodedPut, ReceivedPuts } from "./received-puts.js";

type From<K extends FromClient["kind"]> = Extract<FromClient, { readonly kind: K }>;

/** What a run at a desk needs of what is around it. */
export interface DeskHost {
  readonly executor: ExecutorOver;
  readonly runner: ClusterRunner;
  readonly clock: Clock;
  tell(message: ToClient): void;
  /** Whether any client has a run of that id. */
  isOpen(run: FlowRunId): boolean;
}

/** A client that waits for a value. */
class RemoteReader {
  readonly fetch: number;
  private readonly tell: (message: ToClient) => void;
  private readonly run: FlowRunId;

  constructor(run: FlowRunId, fetch: number, tell: (message: ToClient) => void) {
    this.run = run;
    this.fetch = fetch;
    this.tell = tell;
  }

  /** It was read over there. */
  resolve(): void {
    return undefined;
  }

  reject(error: unknown): void {
    this.refuse({ why: "failed", failure: failureDataOf(error) });
  }

  refuse(refusal: FetchRefusal): void {
    this.tell({ kind: "fetchRefused", run: this.run, fetch: this.fetch, refusal: withoutErrors(refusal) });
  }
}

/** By its node. */
type AheadPut = Heaped & { readonly node: NodeId; readonly value: EncodedPut };

export class RunAtDesk {
  private readonly id: FlowRunId;
  private readonly host: DeskHost;
  private readonly driver: Driver;
  private readonly graph = new ReceivedGraph();
  private readonly puts = new ReceivedPuts();
  private readonly aheadPuts = new Heap<AheadPut>();
  private readonly names = new NodeNames((naming, nodes) => this.pass(naming, nodes));
  /** Questions under way at the client, by fetch. */
  private readonly asked = new Map<number, Ask>();
  private readonly waits = new Map<string, (() => void)[]>();
  private unlisten: (() => void) | undefined;
  private credit = START_CREDIT;
  private isOver = false;
  private isClosed = false;
  private isBroken = false;
  private readonly left: () => void;

  /** `left`: nothing of it is wanted or under way any more. Throws `EXECUTOR_CLOSED`. */
  constructor({ facts, keepResults, references, returned, inside }: From<"openRun">, host: DeskHost, left: () => void) {
    this.left = left;
    this.id = facts.id;
    this.host = host;
    this.driver = host.executor.drive({
      id: facts.id,
      flow: facts.flow,
      name: facts.name,
      parameters: facts.parameters,
      checkValues: facts.checkValues,
      keepResults,
      references: references === undefined ? undefined : this.referencesOf(references),
      returned: [],
      listeners: { relay: (report) => this.relay([report]) },
      inside,
    });
    this.driver.whenIdle = () => this.idle();
    this.driver.whenBroken = (error) => this.broke(error);
    if (keepResults !== "all") this.say({ kind: "keep" }, returned);
    this.driver.onChanges((changes) => {
      for (const message of changeMessages(this.id, this.driver.states, changes)) this.host.tell(message);
    });
    const { id } = this;
    this.driver.opened.then(
      () => this.host.tell({ kind: "opened", run: id }),
      () => undefined,
    );
    this.driver.done.then(
      (state) => {
        const { cancelReason } = this.driver.states;
        this.host.tell({
          kind: "finished",
          run: id,
          state,
          cancelReason: state === "Cancelled" ? cancelReason : undefined,
        });
      },
      (error: MillraceError) => this.broke(error),
    );
  }

  received(message: FromClient): void {
    switch (message.kind) {
      case "graph":
        return this.onGraph(message);
      case "put":
        return this.onPut(message);
      case "handlesChanged":
        this.say({ kind: "keep" }, message.keep);
        return this.say({ kind: "forget" }, message.forget);
      case "fetch":
        return this.onFetch(message);
      case "fetched":
        return this.answer(message.fetch, message.missing.length === 0 ? undefined : message.missing);
      case "unreadable":
        return this.onUnreadable(message);
      case "cancel":
        if (message.only !== undefined) return this.say({ kind: "cancel", reason: message.reason }, message.only);
        return this.driver.cancel(message.reason);
      case "explain":
        return this.onExplain(message);
      case "listening":
        return this.onListening(message);
      case "waits":
        return this.onWaits(message);
      case "abandonRun":
        return this.driver.abandon();
      case "closeRun":
        return this.close();
      default:
        return;
    }
  }

  /** A value that the client asked for is to be had from these. */
  follow(ask: Ask, holders: readonly Holding[]): void {
    const reader = this.driver.readerOf(ask.id);
    if (!(reader instanceof RemoteReader)) return this.answered(ask);
    this.asked.set(reader.fetch, ask);
    const { addresses, counted } = this.host.runner.addressesOf(holders);
    this.host.tell({ kind: "recipe", run: this.id, fetch: reader.fetch, tree: ask.tree, holders: counted, addresses });
  }

  /** What a worker said of its tasks; undecoded. */
  relay(reports: unknown): void {
    if (!this.isOver) this.host.tell({ kind: "reports", run: this.id, count: 1, reports });
  }

  /** Its client is gone for good: nobody reads what it comes to. */
  vanished(): void {
    this.driver.cancel("its client is gone");
    this.driver.takeNoMore("client");
    this.close();
  }

  private say(naming: Naming, ids: IdRuns): void {
    this.attempt(() => this.names.say(naming, ids, this.graph.graph.size));
  }

  private pass(naming: Naming, nodes: readonly NodeId[]): void {
    switch (naming.kind) {
      case "keep":
        return this.driver.handlesChanged(nodes, []);
      case "forget":
        return this.driver.handlesChanged([], nodes);
      case "cancel":
        return this.driver.cancel(naming.reason, nodes);
      default:
        return naming satisfies never;
    }
  }

  /** They are read once, when the graph is whole. */
  private referencesOf(ids: IdRuns): Iterable<NodeId> {
    return { [Symbol.iterator]: () => nodesWithin(ids, this.graph.graph.size)[Symbol.iterator]() };
  }

  /** D1. */
  private attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.driver.failed(error instanceof MillraceError ? error : new MillraceError("GRAPH_REFUSED", String(error)));
    }
  }

  private onGraph(message: From<"graph">): void {
    this.attempt(() => {
      const { length } = message.nodes;
      if (length > this.credit)
        throw new MillraceError("GRAPH_REFUSED", `${length} nodes came, with credit for ${this.credit}`);
      this.credit -= length;
      const chunk = this.graph.append(message);
      this.names.grown(chunk.end);
      this.putAhead(chunk.end);
      this.driver.extend(chunk);
      this.giveCredit(length);
    });
  }

  /** What was put before its node came. */
  private putAhead(end: number): void {
    const { aheadPuts } = this;
    for (let next = aheadPuts.first; next !== undefined && next.node < end; next = aheadPuts.first) {
      aheadPuts.remove(next);
      this.driver.put(next.node, next.value);
    }
  }

  /** For nodes that have been read: what waits here is bounded. */
  private giveCredit(nodes: number): void {
    if (nodes === 0 || this.isOver) return;
    if (this.driver.unread > 0) {
      this.host.clock.wakeAt(this.host.clock.now(), () => this.giveCredit(nodes));
      return;
    }
    this.credit += nodes;
    this.host.tell({ kind: "credit", run: this.id, nodes });
  }

  private onPut(message: From<"put">): void {
    this.attempt(() => {
      const whole = this.puts.add(message);
      if (whole === undefined) return;
      const { node } = message;
      if (node < this.graph.graph.size) this.driver.put(node, whole);
      else this.aheadPuts.add({ heapAt: -1, key: node, tie: 0, node, value: whole });
    });
  }

  private onFetch({ fetch, tree, index }: From<"fetch">): void {
    this.driver.read(tree, index, new RemoteReader(this.id, fetch, (message) => this.host.tell(message)));
  }

  private answer(fetch: number, missing: From<"fetched">["missing"] | undefined): void {
    const ask = this.asked.get(fetch);
    this.asked.delete(fetch);
    if (ask === undefined) return;
    const { run, id } = ask;
    if (missing === undefined) this.answered(ask);
    else this.host.runner.answered([{ run, id, kind: "missing", missing }]);
  }

  /** Also where nobody waits for it any more. */
  private answered({ run, id }: Ask): void {
    this.host.runner.answered([{ run, id, kind: "fetched", value: undefined }]);
  }

  private close(): void {
    this.isClosed = true;
    this.driver.close();
    for (const ask of this.asked.values()) this.answered(ask);
    this.asked.clear();
    if (this.isOver) this.left();
  }

  private onUnreadable({ fetch }: From<"unreadable">): void {
    // The client knows why.
    this.answer(fetch, undefined);
  }

  private onExplain({ id, node, index }: From<"explain">): void {
    const tell = (explanation: Extract<ToClient, { kind: "explanation" }>["explanation"]): void =>
      this.host.tell({ kind: "explanation", run: this.id, id, explanation });
    // Whoever asked waits for an answer, whatever goes wrong here.
    const cannot = (error: unknown): void =>
      tell({
        code: "NOT_YET_READ",
        sentence: `the node ${node} cannot be explained: ${failureDataOf(error).message}`,
        waitsFor: [],
        story: [],
      });
    this.driver.explain(node, index).then(tell, cannot);
  }

  private onListening({ ends }: From<"listening">): void {
    this.unlisten?.();
    this.unlisten = ends
      ? this.driver.onEnds((nodes) => this.host.tell({ kind: "ended", run: this.id, nodes: IdRuns.of(nodes) }))
      : undefined;
  }

  private onWaits({ work, on }: From<"waits">): void {
    const name = workName(work);
    const open = this.waits.get(name) ?? [];
    this.waits.set(name, open);
    if (on) open.push(this.driver.waitsInside(work));
    else open.pop()?.();
    if (open.length === 0) this.waits.delete(name);
  }

  private idle(): void {
    this.over();
    this.host.tell({ kind: "idle", run: this.id });
    if (this.isClosed) this.left();
  }

  private broke(error: MillraceError): void {
    if (this.isBroken) return;
    this.isBroken = true;
    this.over();
    const failure: FailureData = travelling(failureDataOf(error));
    this.host.tell({ kind: "broke", run: this.id, failure });
    this.left();
  }

  private over(): void {
    this.isOver = true;
    for (const ends of this.waits.values()) for (const end of ends) end();
    this.waits.clear();
  }
}

function withoutErrors(refusal: FetchRefusal): FetchRefusal {
  switch (refusal.why) {
    case "failed":
    case "lost":
      return { ...refusal, failure: travelling(refusal.failure) };
    case "noValue":
      return refusal.failure === undefined ? refusal : { ...refusal, failure: travelling(refusal.failure) };
    case "released":
      return refusal;
    default:
      return refusal satisfies never;
  }
}
