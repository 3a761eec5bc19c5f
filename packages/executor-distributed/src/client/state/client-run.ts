// Owns: one run as its client knows it: what of its graph may go, what was asked for, how far it is. Events in, effects out.
// Does not own: links and sessions (what is said twice or out of order never comes here), promises (`client-link`).
// C1. Nodes go as there is credit for them: what the scheduler has not read yet is bounded, however fast they are made.
// C2. A fetch is answered once: with a value that was read, a refusal, or the end of the run. Between, it may be sent to look
//     in another place any number of times.

import {
  type Answer,
  askId,
  type AskId,
  CHILD_BASE,
  type FlowGraph,
  type FlowRunId,
  type FlowState,
  type GraphChunk,
  type GraphTree,
  InternalError,
  isTerminal,
  MillraceError,
  type NodeId,
  nodeId,
} from "@millrace/core/pure";
import { IdRuns } from "../../protocol/id-runs.js";
import { START_CREDIT } from "../../protocol/limits.js";
import type { FromClient, ToClient } from "../../protocol/messages.js";
import { ClientError } from "./client-error.js";
import { ClientTable } from "./client-table.js";
import type { ClientEffect } from "./effects.js";
import type { GraphSender } from "./graph-sender.js";

type Fetch = "asked" | "followed";
type To<K extends ToClient["kind"]> = Extract<ToClient, { readonly kind: K }>;

export class ClientRun {
  readonly id: FlowRunId;
  readonly table = new ClientTable((node) => {
    // What reads it may still have to go.
    if (this.sent === this.known) this.sender.forget(node);
  });
  /** How it ended. */
  state: FlowState | undefined;
  broken: MillraceError | undefined;
  private readonly sender: GraphSender;
  private readonly effects: (effect: ClientEffect) => void;
  private graph: FlowGraph | undefined;
  /** Nodes below `sent` went, of those below `known` it was told; no more come when `isLast`. */
  private sent = 0;
  private known = 0;
  private isLast = false;
  private saidLast = false;
  private credit = START_CREDIT;
  private readonly fetches = new Map<AskId, Fetch>();
  private readonly explains = new Set<number>();
  private lastFetch = 0;
  private lastExplain = 0;
  private isClosed = false;
  private readonly ownsGraph: boolean;

  /** `ownsGraph`: nodes go from it that are over and have no handle. */
  constructor(id: FlowRunId, sender: GraphSender, effects: (effect: ClientEffect) => void, ownsGraph = false) {
    this.ownsGraph = ownsGraph;
    this.id = id;
    this.sender = sender;
    this.effects = effects;
  }

  /** Whether nodes may still come. */
  get takesNodes(): boolean {
    return !this.isLast && this.broken === undefined;
  }

  extend({ graph, end, last }: GraphChunk): void {
    if (!this.takesNodes) throw new InternalError(`run ${this.id} takes no more nodes`);
    this.graph = graph;
    this.known = end;
    this.isLast = last;
    this.table.states.expectNodes(end);
    this.sendNodes();
  }

  /** With the nodes that it has. */
  endGraph(): void {
    if (!this.takesNodes) return;
    this.isLast = true;
    this.sendNodes();
  }

  /** What cannot be sent ends the run, and nothing else. */
  private sendNodes(): void {
    try {
      this.sendWhatMayGo();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Something of it cannot be sent: it ends over there, too. */
  fail(error: unknown): void {
    if (this.broken !== undefined) return;
    this.send({ kind: "abandonRun", run: this.id });
    this.break(error instanceof MillraceError ? error : new InternalError(`the run was not sent: ${String(error)}`));
  }

  /** C1. */
  private sendWhatMayGo(): void {
    while (this.sent < this.known && this.credit > 0 && this.graph !== undefined) {
      const most = Math.min(this.known, this.sent + this.credit);
      const range = { first: this.sent, end: most, last: this.isLast && most === this.known };
      const { message, end } = this.sender.chunk(this.id, this.graph, range);
      this.credit -= end - this.sent;
      this.sent = end;
      this.saidLast = this.isLast && end === this.known;
      this.send(message);
    }
    if (!this.isLast || this.saidLast || this.sent < this.known) return;
    this.saidLast = true;
    // Also a graph of no nodes ends.
    this.send(this.sender.noNodes(this.id, this.known));
  }

  handlesChanged(keep: readonly NodeId[], forget: readonly NodeId[]): void {
    if (this.broken !== undefined) return;
    this.send({ kind: "handlesChanged", run: this.id, keep: IdRuns.of(keep), forget: IdRuns.of(forget) });
    if (!this.ownsGraph) return;
    this.table.held.keep(keep);
    this.table.held.forget(forget, this.graph);
  }

  /** Whether that task run, where it is no child of a map, may still be running. */
  mayRun(row: number): boolean {
    return this.state === undefined && (row >= CHILD_BASE || !isTerminal(this.table.states.state(row)));
  }

  cancel(reason: string, only: readonly NodeId[] | undefined): void {
    if (this.broken !== undefined || this.state !== undefined) return;
    this.send({ kind: "cancel", run: this.id, reason, only: only === undefined ? undefined : IdRuns.of(only) });
  }

  listen(ends: boolean): void {
    if (this.broken === undefined) this.send({ kind: "listening", run: this.id, ends });
  }

  /** The number by which `follow` or `refused` name it. Throws where it cannot be sent. */
  fetch(tree: GraphTree, index: number | undefined): AskId {
    const fetch = askId(++this.lastFetch);
    this.send({ kind: "fetch", run: this.id, fetch, tree: this.sender.tree(tree), index });
    this.fetches.set(fetch, "asked");
    return fetch;
  }

  /** What following a recipe came to. True: the fetch is over. */
  followed(answer: Answer): boolean {
    if (this.fetches.get(answer.id) !== "followed") return false;
    const { id: run } = this;
    switch (answer.kind) {
      case "missing":
        this.fetches.set(answer.id, "asked");
        this.send({ kind: "fetched", run, fetch: answer.id, missing: answer.missing });
        return false;
      case "failed":
        this.fetches.delete(answer.id);
        this.send({ kind: "unreadable", run, fetch: answer.id, failure: answer.failure });
        return true;
      case "fetched":
      case "probed":
        this.fetches.delete(answer.id);
        this.send({ kind: "fetched", run, fetch: answer.id, missing: [] });
        return true;
      default:
        return answer satisfies never;
    }
  }

  explain(node: NodeId, index: number | undefined): number {
    const id = ++this.lastExplain;
    this.explains.add(id);
    this.send({ kind: "explain", run: this.id, id, node, index });
    return id;
  }

  abandon(): void {
    if (this.broken !== undefined || this.state !== undefined) return;
    this.send({ kind: "abandonRun", run: this.id });
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    if (this.broken === undefined) this.send({ kind: "closeRun", run: this.id });
  }

  /** The session is over. */
  lost(why: string): void {
    this.break(new ClientError("SCHEDULER_LOST", `the scheduler of run ${this.id} is lost: ${why}`));
  }

  received(message: ToClient): void {
    if (this.broken !== undefined) return;
    switch (message.kind) {
      case "opened":
        return this.effects({ kind: "opened" });
      case "credit":
        return this.take(message.nodes);
      case "changed":
        return this.effects({ kind: "changed", changes: this.table.apply(message.changes, message.times) });
      case "endings":
        return this.table.noteEndings(message.endings);
      case "ended":
        return this.onEnded([...message.nodes].map(nodeId));
      case "finished":
        return this.finish(message);
      case "idle":
        return this.effects({ kind: "idle" });
      case "recipe":
        return this.follow(message);
      case "fetchRefused":
        if (this.fetches.delete(askId(message.fetch)))
          this.effects({ kind: "refused", fetch: askId(message.fetch), refusal: message.refusal });
        return;
      case "explanation":
        if (this.explains.delete(message.id))
          this.effects({ kind: "explained", id: message.id, explanation: message.explanation });
        return;
      case "reports":
        return this.effects({ kind: "reports", reports: message.reports });
      case "broke":
        // With the code that it had over there.
        return this.break(new MillraceError(message.failure.code ?? "RUN_REFUSED", message.failure.message));
      default:
        // Of the session, or of code: others take those.
        return;
    }
  }

  private onEnded(nodes: readonly NodeId[]): void {
    this.effects({ kind: "ended", nodes });
    if (this.ownsGraph) this.table.held.ended(nodes, this.graph);
  }

  private take(credit: number): void {
    this.credit += credit;
    this.sendNodes();
  }

  private finish({ state, cancelReason }: To<"finished">): void {
    this.state = state;
    if (cancelReason !== undefined) this.table.states.cancelReason = cancelReason;
    this.effects({ kind: "finished", state });
  }

  /** C2. */
  private follow({ fetch: number, tree, holders, addresses }: To<"recipe">): void {
    const fetch = askId(number);
    if (this.fetches.get(fetch) !== "asked") return;
    this.fetches.set(fetch, "followed");
    this.effects({ kind: "follow", fetch, tree, holders, addresses });
  }

  private break(error: MillraceError): void {
    this.broken = error;
    this.fetches.clear();
    this.explains.clear();
    this.effects({ kind: "broke", error });
  }

  private send(message: FromClient): void {
    this.effects({ kind: "send", message });
  }
}
