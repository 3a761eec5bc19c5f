// Owns: a runner as its driver sees it: what it was given, what it told, who waits for what.

import {
  type Answer,
  type AskId,
  askId,
  type Clock,
  type FlowRunId,
  type MillraceError,
  type Outcome,
  type OutcomeBatch,
  realClock,
  type Report,
  type Runner,
  type SentTree,
  type ValueRange,
  type ValueRef,
  type WorkBatch,
  type WorkId,
  workName,
  workNameIn,
} from "@millrace/core/seam";
import { changed } from "./caught-works.js";

/** A runner, and how many works it may ask for at most. `clock`: what its times are read from; without it the real one. */
export type RunnerUnderTest = { readonly runner: Runner; readonly most: number; readonly clock?: Clock };

export class DrivenRunner {
  readonly runner: Runner;
  private readonly clock: Clock;
  readonly demands: number[] = [];
  readonly told: { readonly run: FlowRunId; readonly outcome: Outcome }[] = [];
  readonly failures: MillraceError[] = [];
  readonly reports: Report[] = [];
  /** Hints; a runner on its own loses nothing. */
  readonly lost: ValueRange[] = [];
  /** Works that are sent and unanswered, those included that were cancelled. */
  unanswered = 0;
  /** The same, each by itself; not those that were cancelled. */
  private readonly open = new Map<string, WorkBatch>();
  private readonly answers = new Map<string, Answer>();
  private asked = 0;
  private readonly waiting = new Set<() => void>();

  constructor({ runner, clock = realClock }: RunnerUnderTest) {
    this.runner = runner;
    this.clock = clock;
  }

  /** As the runner's times are. */
  now(): number {
    return this.clock.now();
  }

  async start(): Promise<void> {
    await this.runner.start({
      demand: (limit) => {
        this.demands.push(limit);
        this.wake();
      },
      outcomes: (batches) => this.outcomes(batches),
      answers: (answers) => {
        for (const answer of answers) this.answers.set(`${answer.run}/${answer.id}`, answer);
        this.wake();
      },
      valuesLost: (_run, values) => void this.lost.push(...values),
      reports: (reports) => void this.reports.push(...reports),
      failed: (error) => void this.failures.push(error),
    });
    // Workers of its own may join later.
    await this.until(() => this.demand > 0);
  }

  /** Against its demand (R1 of `runner`): what is more waits until something has ended, also of one batch. */
  async dispatch(batches: readonly WorkBatch[]): Promise<void> {
    for (const batch of batches) {
      for (let at = 0; at < batch.length; ) {
        await this.until(() => this.unanswered < this.demand);
        // Whoever waited as well may have taken it, and a demand may shrink.
        const room = this.demand - this.unanswered;
        if (room < 1) continue;
        const part = partOf(batch, at, Math.min(batch.length - at, room));
        at += part.length;
        this.note(part);
        this.runner.dispatch([part]);
      }
    }
  }

  private note(part: WorkBatch): void {
    this.unanswered += part.length;
    for (let i = 0; i < part.length; i++) this.open.set(workNameIn(part.run.id, part.at(i)), partOf(part, i, 1));
  }

  cancel(id: WorkId, reason: string): void {
    this.open.delete(workName(id));
    this.runner.cancel([id], reason);
  }

  get demand(): number {
    return this.demands.at(-1) ?? 0;
  }

  /** The outcomes of these works, in their order; of what was given back, those of the attempt that was not. */
  async outcomesOf(batches: readonly WorkBatch[]): Promise<readonly Outcome[]> {
    const ids = batches.flatMap((batch) =>
      Array.from({ length: batch.length }, (_, i): WorkId => {
        const { taskRun, attempt } = batch.at(i);
        return { run: batch.run.id, taskRun, attempt };
      }),
    );
    const find = ({ run: of, taskRun, attempt }: WorkId): Outcome | undefined =>
      this.told.find(({ run, outcome }) => run === of && outcome.taskRun === taskRun && outcome.attempt >= attempt)
        ?.outcome;
    await this.until(() => ids.every((id) => find(id) !== undefined));
    return ids.map(find).filter((outcome) => outcome !== undefined);
  }

  fetch(run: FlowRunId, tree: SentTree): Promise<Answer> {
    return this.ask(run, tree, "fetch");
  }

  fetchValue(run: FlowRunId, ref: ValueRef): Promise<Answer> {
    return this.fetch(run, { kind: "ref", ref });
  }

  async ask(run: FlowRunId, tree: SentTree, kind: "fetch" | "probe"): Promise<Answer> {
    const id = askId(++this.asked);
    this.runner.ask([kind === "fetch" ? { run, id, tree, kind } : { run, id, tree, kind, probe: {} }]);
    return this.answerOf(run, id);
  }

  /** About values of several runs: each run counts its questions by itself, so that all have one number. */
  probeAll(of: readonly { readonly run: FlowRunId; readonly tree: SentTree }[]): Promise<readonly Answer[]> {
    const id = askId(++this.asked);
    this.runner.ask(of.map(({ run, tree }) => ({ run, id, tree, kind: "probe", probe: {} })));
    return Promise.all(of.map(({ run }) => this.answerOf(run, id)));
  }

  private async answerOf(run: FlowRunId, id: AskId): Promise<Answer> {
    let answer: Answer | undefined;
    await this.until(() => {
      answer = this.answers.get(`${run}/${id}`);
      return answer !== undefined;
    });
    if (answer === undefined) throw new Error("it was there a moment ago");
    return answer;
  }

  private outcomes(batches: readonly OutcomeBatch[]): void {
    for (const batch of batches) for (let i = 0; i < batch.length; i++) this.outcome(batch.run, batch.at(i));
    this.wake();
  }

  private outcome(run: FlowRunId, outcome: Outcome): void {
    const name = workNameIn(run, outcome);
    const work = this.open.get(name);
    this.open.delete(name);
    this.unanswered--;
    // R4 of `runner`: it is sent again, as another attempt; one that was cancelled is not.
    if (outcome.result.end !== "givenBack" || !this.runner.capabilities.remote || work === undefined)
      this.told.push({ run, outcome });
    else void this.dispatch([changed(work, ({ attempt }) => ({ attempt: attempt + 1 }))]);
  }

  private until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }

  private wake(): void {
    for (const look of this.waiting) look();
  }
}

function partOf(batch: WorkBatch, from: number, length: number): WorkBatch {
  if (length === batch.length) return batch;
  return { run: batch.run, template: batch.template, length, at: (i) => batch.at(from + i) };
}
