// Owns: an executor whose values can be lost, when a test says so. Works and questions that miss one are given back.

import {
  ExecutorOver,
  LocalRunner,
  LocalValues,
  realClock,
  type RunnerHost,
  SingleOutcome,
} from "@millrace/core/internal";
import {
  type Ask,
  type FlowRunId,
  type Outcome,
  readsOfTree,
  readsOfWork,
  type Runner,
  type ValueRange,
  type Work,
  type WorkBatch,
  type WorkTemplate,
} from "@millrace/core/seam";

/** Undefined: it runs. */
export type Fate = (task: string, work: Work) => Outcome["result"] | undefined;

export class LosingExecutor extends ExecutorOver {
  readonly values: LocalValues;
  /** Works that ran, by the names of their tasks. */
  readonly ran: string[];
  readonly templates: ReadonlySet<WorkTemplate>;
  private host: RunnerHost | undefined;

  constructor(concurrency = 4, fate: Fate = () => undefined) {
    const values = new LocalValues();
    const ran: string[] = [];
    const templates = new Set<WorkTemplate>();
    const own = new LocalRunner(concurrency, values, realClock);
    const missing = (run: FlowRunId, reads: readonly ValueRange[]): readonly ValueRange[] => {
      const all = reads.flatMap(({ first, count, attempt }) =>
        Array.from({ length: count }, (_, i) => ({ first: first + i, count: 1, attempt })),
      );
      return all.filter(({ first, attempt }) => !isThere(values, run, first, attempt));
    };
    const dispatch = (batch: WorkBatch, i: number): void => {
      const work = batch.at(i);
      const lacks = missing(batch.run.id, readsOfWork(batch.template, work));
      const end = lacks.length > 0 ? ({ end: "givenBack", missing: lacks } as const) : fate(batch.template.name, work);
      if (end === undefined) {
        ran.push(batch.template.name);
        templates.add(batch.template);
        return own.dispatch([{ ...batch, run: batch.run, template: batch.template, length: 1, at: () => work }]);
      }
      const outcome = new SingleOutcome(batch.run.id, work.taskRun, work.attempt, realClock.now(), 0, end);
      setImmediate(() => this.host?.outcomes([outcome]));
    };
    const runner: Runner = {
      capabilities: { ...own.capabilities, remote: true },
      start: (host) => {
        this.host = host;
        return own.start(host);
      },
      put: (run, taskRun, value) => own.put(run, taskRun, value),
      dispatch: (batches) => {
        for (const batch of batches) for (let i = 0; i < batch.length; i++) dispatch(batch, i);
      },
      ask: (asks) => setImmediate(() => asks.forEach((ask) => this.answer(own, ask, missing))),
      cancel: (ids, reason) => own.cancel(ids, reason),
      release: (run, ranges) => own.release(run, ranges),
      close: (mode) => own.close(mode),
    };
    super("LosingExecutor", {
      runner,
      clock: realClock,
      ownedBy: (executor) => {
        own.executor = executor;
      },
      runsCaller: () => false,
    });
    this.values = values;
    this.ran = ran;
    this.templates = templates;
  }

  private answer(
    own: Runner,
    ask: Ask,
    missing: (run: FlowRunId, reads: readonly ValueRange[]) => readonly ValueRange[],
  ) {
    const lacks = missing(ask.run, readsOfTree(ask.tree));
    if (lacks.length === 0) own.ask([ask]);
    else this.host?.answers([{ run: ask.run, id: ask.id, kind: "missing", missing: lacks }]);
  }

  /** Of so many task runs, whatever the attempt; nobody is told. */
  lose(run: FlowRunId, first: number, count = 1): void {
    for (let attempt = 1; attempt < 12; attempt++) this.values.of(run).delete(first, count, attempt);
  }

  /** As a hint, right or wrong. */
  tellLost(run: FlowRunId, values: readonly ValueRange[]): void {
    this.host?.valuesLost(run, values);
  }
}

function isThere(values: LocalValues, run: FlowRunId, taskRun: number, attempt: number): boolean {
  try {
    values.of(run).get(taskRun, attempt);
    return true;
  } catch {
    return false;
  }
}
