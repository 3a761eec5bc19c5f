// Owns: questions about values on a cluster: a probe is answered by a worker, a fetch by whoever wants the value, who is told
// what to read and who holds it.
// A1. Each question is answered once, also where its worker is lost (another is asked) or the runner is killed.

import type { Answer, Ask, AskId, FlowRunId } from "@millrace/core/pure";
import { readsOfTree } from "@millrace/core/pure";
import type { Placement } from "../placement/placement.js";
import type { SentAnswer } from "../protocol/message-fields.js";
import type { ToWorker } from "../protocol/messages.js";
import type { Holding } from "../protocol/ranges.js";
import type { RunHere } from "./runs-here.js";
import { introduce } from "./sent-works.js";

export interface AsksHost {
  readonly placement: Placement;
  runOf(id: Ask["run"]): RunHere;
  anyWorker(): number | undefined;
  send(worker: number, messages: readonly ToWorker[]): void;
  /** A value is to be fetched from these and read; the answer goes to `answered`. */
  follow(ask: Ask, holders: readonly Holding[]): void;
  answers(answers: readonly Answer[]): void;
  later(step: () => void): void;
}

type OfRun = {
  readonly probes: Map<AskId, { readonly ask: Ask; readonly worker: number }>;
  readonly followed: Map<AskId, Ask>;
};

export class ClusterAsks {
  private readonly host: AsksHost;
  /** Each run counts its questions by itself. */
  private readonly runs = new Map<FlowRunId, OfRun>();
  /** There is no worker that could answer them. */
  private readonly waiting: Ask[] = [];
  private isKilled = false;

  constructor(host: AsksHost) {
    this.host = host;
  }

  ask(ask: Ask): void {
    const run = this.host.runOf(ask.run);
    const { holders, missing } = this.host.placement.whereIs(run.number, readsOfTree(ask.tree));
    if (missing.length > 0)
      return this.host.later(() => this.answered([{ run: ask.run, id: ask.id, kind: "missing", missing }]));
    const onWire = holders.map(({ worker, ...range }) => ({ ...range, worker: worker + 1 }));
    if (ask.kind === "fetch") {
      this.ofRun(ask.run).followed.set(ask.id, ask);
      return this.host.follow(ask, onWire);
    }
    const worker = holders.find((holding) => holding.worker >= 0)?.worker ?? this.host.anyWorker();
    if (worker === undefined) this.waiting.push(ask);
    else {
      this.ofRun(ask.run).probes.set(ask.id, { ask, worker });
      run.asked.add(worker);
      const messages: ToWorker[] = [];
      if (run.facts !== undefined) introduce(worker, run, run.facts, undefined, messages);
      const question = { kind: "probe", equals: ask.probe.equals } as const;
      messages.push({ kind: "ask", run: ask.run, id: ask.id, tree: ask.tree, question, holders: onWire });
      this.host.send(worker, messages);
    }
  }

  /** Nobody waits for answers of that run any more. */
  drop(run: Ask["run"]): void {
    this.runs.delete(run);
    const waiting = this.waiting.filter((ask) => ask.run !== run);
    this.waiting.splice(0, this.waiting.length, ...waiting);
  }

  workerJoined(): void {
    for (const ask of this.waiting.splice(0)) this.ask(ask);
  }

  /** A1. */
  workerLost(worker: number): void {
    for (const { probes } of this.runs.values())
      for (const [id, { ask, worker: asked }] of probes) {
        if (asked !== worker) continue;
        probes.delete(id);
        this.ask(ask);
      }
  }

  /** From a worker. */
  probed(run: Ask["run"], answers: readonly SentAnswer[]): void {
    for (const given of answers)
      if (this.runs.get(run)?.probes.delete(given.id) === true && given.kind !== "fetched")
        this.answered([{ run, ...given }]);
  }

  /** Of a question that was followed, as well. */
  answered(answers: readonly Answer[]): void {
    for (const { run, id } of answers) this.runs.get(run)?.followed.delete(id);
    if (!this.isKilled) this.host.answers(answers);
  }

  kill(): void {
    this.isKilled = true;
    const open = [...this.waiting];
    for (const { probes, followed } of this.runs.values()) {
      open.push(...followed.values());
      for (const { ask } of probes.values()) open.push(ask);
    }
    const failure = { name: "Cancelled", code: "CANCELLED", message: "killed" };
    const answers = open.map(({ run, id }): Answer => ({ run, id, kind: "failed", failure }));
    if (answers.length > 0) this.host.answers(answers);
  }

  private ofRun(run: FlowRunId): OfRun {
    let known = this.runs.get(run);
    if (known === undefined) {
      known = { probes: new Map(), followed: new Map() };
      this.runs.set(run, known);
    }
    return known;
  }
}
