// Owns: a runner as its driver sees it: what it was given, what it told, who waits for what.

import {
  type Answer,
  askId,
  type FlowRunId,
  type MillraceError,
  type Outcome,
  type OutcomeBatch,
  type Report,
  type Runner,
  type SentTree,
  type ValueRange,
  type ValueRef,
  type WorkBatch,
  workNameIn,
} from "@millrace/core/seam";

/** A runner, and how many works it may ask for at most. */
export type RunnerUnderTest = { readonly runner: Runner; readonly most: number };

export class DrivenRunner {
  readonly runner: Runner;
  readonly demands: number[] = [];
  readonly told: { readonly run: FlowRunId; readonly outcome: Outcome }[] = [];
  readonly failures: MillraceError[] = [];
  readonly reports: Report[] = [];
  /** Hints; a runner on its own loses nothing. */
  readonly lost: ValueRange[] = [];
  private readonly answers = new Map<number, Answer>();
  private asked = 0;
  private readonly waiting = new Set<() => void>();

  constructor(runner: Runner) {
    this.runner = runner;
  }

  async start(): Promise<void> {
    await this.runner.start({
      demand: (limit) => void this.demands.push(limit),
      outcomes: (batches) => this.outcomes(batches),
      answers: (answers) => {
        for (const answer of answers) this.answers.set(answer.id, answer);
        this.wake();
      },
      valuesLost: (_run, values) => void this.lost.push(...values),
      reports: (reports) => void this.reports.push(...reports),
      failed: (error) => void this.failures.push(error),
    });
    await this.until(() => this.demands.length > 0);
  }

  /** Against its demand: what is more waits until something has ended. */
  async dispatch(batches: readonly WorkBatch[]): Promise<void> {
    for (const batch of batches) {
      await this.until(() => this.unanswered + batch.length <= this.demand);
      this.given += batch.length;
      this.runner.dispatch([batch]);
    }
  }

  private given = 0;

  get demand(): number {
    return this.demands.at(-1) ?? 0;
  }

  get unanswered(): number {
    return this.given - this.told.length;
  }

  /** The outcomes of these works, in their order. */
  async outcomesOf(batches: readonly WorkBatch[]): Promise<readonly Outcome[]> {
    const names = batches.flatMap((batch) =>
      Array.from({ length: batch.length }, (_, i) => workNameIn(batch.run.id, batch.at(i))),
    );
    const find = (name: string): Outcome | undefined =>
      this.told.find(({ run, outcome }) => workNameIn(run, outcome) === name)?.outcome;
    await this.until(() => names.every((name) => find(name) !== undefined));
    return names.map(find).filter((outcome) => outcome !== undefined);
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
    let answer: Answer | undefined;
    await this.until(() => {
      answer = this.answers.get(id);
      return answer !== undefined;
    });
    if (answer === undefined) throw new Error("it was there a moment ago");
    return answer;
  }

  private outcomes(batches: readonly OutcomeBatch[]): void {
    for (const batch of batches)
      for (let i = 0; i < batch.length; i++) this.told.push({ run: batch.run, outcome: batch.at(i) });
    this.wake();
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
