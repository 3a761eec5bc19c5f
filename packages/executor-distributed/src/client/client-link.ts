// Owns: the link to one run that a scheduler elsewhere drives: its state with promises, listeners and readers around it.
// Does not own: what may be said when (`client-run`), where values are read (the port).

import {
  type Answer,
  type AskId,
  type Change,
  type Explanation,
  ExecutorClosed,
  failureDataOf,
  type FlowRunId,
  type GraphChunk,
  type GraphTree,
  type MillraceError,
  type NodeId,
  type Report,
  refusalError,
  type RunLink,
  type RunRequest,
  RunClosed,
  RunReports,
  type StateTable,
  type TaskProgress,
  type ValueReader,
  type WorkId,
} from "@millrace/core/seam";
import type { FlowState } from "@millrace/core";
import { IdRuns } from "../protocol/id-runs.js";
import type { FromClient, ToClient } from "../protocol/messages.js";
import type { ClientPort } from "./client-port.js";
import { putMessages } from "./put-messages.js";
import { sentParameters } from "./sent-parameters.js";
import { reportsOf } from "./reports-of.js";
import type { Outbox } from "./outbox.js";
import { ClientRun } from "./state/client-run.js";
import type { ClientEffect } from "./state/effects.js";
import { GraphSender } from "./state/graph-sender.js";

type Settle<T> = { readonly resolve: (value: T) => void; readonly reject: (error: unknown) => void };

export class ClientLink implements RunLink {
  readonly id: FlowRunId;
  private readonly name: string;
  readonly opened: Promise<void>;
  readonly done: Promise<FlowState>;
  /** Settles, and never rejects, when nothing of it is under way. */
  readonly idle: Promise<void>;
  private readonly port: ClientPort;
  private readonly outbox: Outbox;
  private readonly run: ClientRun;
  private readonly reports: RunReports;
  private readonly open = settler<void>();
  private readonly end = settler<FlowState>();
  private readonly rest = settler<void>();
  private readonly readers = new Map<AskId, ValueReader>();
  private readonly explains = new Map<number, Settle<Explanation>>();
  private readonly listeners = new Set<(changes: readonly Change[]) => void>();
  private readonly endListeners = new Set<(nodes: readonly NodeId[]) => void>();
  private refuses: string | undefined;
  private isClosed = false;
  private readonly left: () => void;

  /** `left`: nothing of it is wanted any more. */
  constructor(request: RunRequest, port: ClientPort, outbox: Outbox, left: () => void) {
    this.outbox = outbox;
    this.left = left;
    this.id = request.id;
    this.name = request.name;
    this.port = port;
    this.opened = this.open.promise;
    this.done = this.end.promise;
    this.idle = this.rest.promise;
    for (const promise of [this.opened, this.done]) promise.catch(() => undefined);
    const ownsGraph = request.keepResults === "held";
    this.run = new ClientRun(request.id, new GraphSender(port.keyOf), (effect) => this.perform(effect), ownsGraph);
    this.reports = new RunReports(request, request.listeners ?? {}, (row) => this.run.mayRun(row));
    this.send(openMessage(request));
  }

  get states(): StateTable {
    return this.run.table.states;
  }

  /** Whether the node is over, and nobody can ask about it. */
  hasLetGo(node: NodeId): boolean {
    return this.run.table.held.isGone(node);
  }

  put(node: NodeId, value: unknown): void {
    this.say(this.whileDriven(putMessages(this.id, node, value)));
  }

  private *whileDriven(messages: Iterable<FromClient>): Generator<FromClient> {
    for (const message of messages) {
      if (this.run.broken !== undefined) return;
      yield message;
    }
  }

  extend(chunk: GraphChunk): void {
    if (this.run.broken !== undefined) throw this.run.broken;
    if (this.refuses !== undefined) {
      if (chunk.first < chunk.end) throw new ExecutorClosed(this.refuses);
      return;
    }
    this.run.extend(chunk);
  }

  /** The executor closes: an open run ends with the nodes that it has. */
  takeNoMore(executor: string): void {
    if (!this.run.takesNodes) return;
    this.run.endGraph();
    this.refuses = executor;
  }

  handlesChanged(keep: readonly NodeId[], forget: readonly NodeId[]): void {
    this.run.handlesChanged(keep, forget);
  }

  fetch(tree: GraphTree, index?: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.read(tree, index, { resolve, reject }));
  }

  read(tree: GraphTree, index: number | undefined, reader: ValueReader): void {
    if (this.isClosed) return reader.reject(new RunClosed(this.name));
    if (this.run.broken !== undefined) return reader.reject(this.run.broken);
    try {
      this.readers.set(this.run.fetch(tree, index), reader);
    } catch (error) {
      reader.reject(error);
    }
  }

  /** What following a recipe came to. */
  answered(answer: Answer): void {
    if (!this.run.followed(answer)) return;
    const reader = this.takeReader(answer.id);
    if (answer.kind === "fetched") reader?.resolve(answer.value);
    else if (answer.kind === "failed") reader?.reject(refusalError({ why: "failed", failure: answer.failure }));
  }

  cancel(reason: string, only?: readonly NodeId[]): void {
    this.run.cancel(reason, only);
  }

  progress(): readonly TaskProgress[] {
    return this.reports.running();
  }

  explain(node: NodeId, index?: number): Promise<Explanation> {
    const { broken } = this.run;
    if (broken !== undefined) return Promise.reject(broken);
    if (this.isClosed) return Promise.reject(new RunClosed(this.name));
    return new Promise((resolve, reject) => {
      this.explains.set(this.run.explain(node, index), { resolve, reject });
    });
  }

  onChanges(listener: (changes: readonly Change[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onEnds(listener: (nodes: readonly NodeId[]) => void): () => void {
    if (this.endListeners.size === 0) this.run.listen(true);
    this.endListeners.add(listener);
    return () => {
      if (this.endListeners.delete(listener) && this.endListeners.size === 0) this.run.listen(false);
    };
  }

  waitsInside(work: WorkId): () => void {
    this.send({ kind: "waits", run: this.id, work, on: true });
    let over = false;
    return () => {
      if (!over) this.send({ kind: "waits", run: this.id, work, on: false });
      over = true;
    };
  }

  abandon(): void {
    this.run.abandon();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.run.close();
    // Nobody answers any more, and nobody says that it is idle.
    for (const { reject } of [...this.explains.values(), ...this.readers.values()]) reject(new RunClosed(this.name));
    this.explains.clear();
    this.readers.clear();
    this.rest.resolve();
    this.left();
  }

  received(message: ToClient): void {
    this.run.received(message);
  }

  /** The session is over. */
  lost(why: string): void {
    if (this.run.broken === undefined) this.run.lost(why);
  }

  /** Whatever it may still come to. */
  giveUp(why: string): void {
    this.run.close();
    this.lost(why);
  }

  private perform(effect: ClientEffect): void {
    switch (effect.kind) {
      case "send":
        return this.send(effect.message);
      case "opened":
        return this.open.resolve();
      case "changed":
        for (const listener of this.listeners) listener(effect.changes);
        return;
      case "ended":
        for (const listener of this.endListeners) listener(effect.nodes);
        return;
      case "finished":
        return this.end.resolve(effect.state);
      case "idle":
        return this.rest.resolve();
      case "follow":
        return this.follow(effect);
      case "refused": {
        const reader = this.takeReader(effect.fetch);
        if (reader?.refuse === undefined) reader?.reject(refusalError(effect.refusal));
        else reader.refuse(effect.refusal);
        return;
      }
      case "explained":
        this.explains.get(effect.id)?.resolve(effect.explanation);
        this.explains.delete(effect.id);
        return;
      case "reports":
        for (const report of reportsOf(effect.reports)) this.tell(report);
        return;
      case "broke":
        return this.breakOff(effect.error);
      default:
        return effect satisfies never;
    }
  }

  private tell(report: Report): void {
    this.reports.take(report);
  }

  private follow({ fetch, tree, holders, addresses }: Extract<ClientEffect, { kind: "follow" }>): void {
    try {
      this.port.follow({ run: this.id, id: fetch, tree, kind: "fetch" }, holders, addresses);
    } catch (error) {
      this.answered({ run: this.id, id: fetch, kind: "failed", failure: failureDataOf(error) });
    }
  }

  private breakOff(error: MillraceError): void {
    this.open.reject(error);
    this.end.reject(error);
    this.rest.resolve();
    for (const reader of this.readers.values()) reader.reject(error);
    for (const { reject } of this.explains.values()) reject(error);
    this.readers.clear();
    this.explains.clear();
    this.left();
  }

  private takeReader(fetch: AskId): ValueReader | undefined {
    const reader = this.readers.get(fetch);
    this.readers.delete(fetch);
    return reader;
  }

  private send(message: FromClient): void {
    this.say([message]);
  }

  private say(messages: Iterable<FromClient>): void {
    if (this.run.broken === undefined) this.outbox.say(messages, (error) => this.run.fail(error));
  }
}

function openMessage(request: RunRequest): FromClient {
  const { id, flow, name, parameters, checkValues, keepResults, references, returned, inside } = request;
  return {
    kind: "openRun",
    facts: {
      id,
      flow,
      name,
      parameters: sentParameters(parameters),
      checkValues: checkValues === true,
      once: keepResults === "held",
      origin: undefined,
    },
    keepResults,
    references: references === undefined ? undefined : IdRuns.of(references),
    returned: IdRuns.of(returned),
    inside,
  };
}

function settler<T>(): Settle<T> & { readonly promise: Promise<T> } {
  let [resolve, reject]: [(value: T) => void, (error: unknown) => void] = [() => undefined, () => undefined];
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
