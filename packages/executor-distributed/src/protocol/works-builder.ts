// Owns: making columns of works, one after the other, of one template.

import { type TaskRunId, type ValueRef, type Work, type WorkBatch, WorkRange } from "@millrace/core/pure";
import { Column, ColumnBuilder } from "./column.js";
import { IdRuns, IdRunsBuilder } from "./id-runs.js";
import { sentNames, TreeColumnBuilder } from "./tree-column.js";
import { WorkColumns } from "./work-columns.js";

export class WorksBuilder {
  private readonly ids = new IdRunsBuilder();
  private readonly attempts = new ColumnBuilder();
  private readonly indices = new ColumnBuilder();
  private readonly runCounts = new ColumnBuilder();
  private readonly loopCounts = new ColumnBuilder();
  private readonly slugs = new ColumnBuilder();
  /** Children of one map have one slug. */
  private slugsByRun = false;
  private slots: readonly TreeColumnBuilder<ValueRef>[] = [];
  private readonly ownSlugs = new Map<number, string>();
  private readonly loopValues = new Map<number, unknown>();
  private readonly inputAttempts = new Map<number, ReadonlyMap<TaskRunId, number>>();

  get length(): number {
    return this.ids.length;
  }

  /** All works of one builder have as many slots. */
  add(work: Work): void {
    const { slug, slots, loopValue, inputAttempts } = work;
    const i = this.ids.length;
    this.ids.push(work.taskRun);
    this.attempts.push(work.attempt);
    this.indices.push(work.index + 1);
    this.runCounts.push(work.runCount);
    this.loopCounts.push(work.loopCount);
    if (i === 0) this.slugsByRun = work.index < 0;
    if (typeof slug === "number") {
      this.slugs.push(this.slugsByRun ? zigzag(slug - work.taskRun) : slug);
    } else {
      this.slugs.push(0);
      this.ownSlugs.set(i, slug);
    }
    if (loopValue !== undefined) this.loopValues.set(i, loopValue);
    if (inputAttempts !== undefined) this.inputAttempts.set(i, inputAttempts);
    if (slots === undefined) return;
    if (i === 0) this.slots = slots.map(() => new TreeColumnBuilder(sentNames));
    for (let slot = 0; slot < slots.length; slot++) {
      const tree = slots[slot];
      if (tree !== undefined) this.slots[slot]?.push(tree);
    }
  }

  columns(): WorkColumns {
    return new WorkColumns({
      ids: this.ids.runs(),
      attempts: this.attempts.column(),
      indices: this.indices.column(),
      runCounts: this.runCounts.column(),
      loopCounts: this.loopCounts.column(),
      slugs: this.slugs.column(),
      slugsByRun: this.slugsByRun,
      sharedSlug: undefined,
      slots: this.slots.map((slot) => slot.column()),
      ownSlugs: this.ownSlugs,
      loopValues: this.loopValues,
      inputAttempts: this.inputAttempts,
    });
  }
}

const zigzag = (far: number): number => (far < 0 ? -far * 2 - 1 : far * 2);

/** A range stays one: nothing is made for each work. */
export function columnsOfWorks(batch: WorkBatch): WorkColumns {
  const { length } = batch;
  if (batch instanceof WorkRange) return columnsOfRange(batch);
  const builder = new WorksBuilder();
  for (let i = 0; i < length; i++) builder.add(batch.at(i));
  return builder.columns();
}

function columnsOfRange({ first, index, length, slug }: WorkRange): WorkColumns {
  const ones = Column.same(length, 1);
  return new WorkColumns({
    ids: IdRuns.range(first, length),
    attempts: ones,
    indices: Column.line(length, index + 1),
    runCounts: ones,
    loopCounts: ones,
    slugs: Column.same(length, typeof slug === "number" ? slug : 0),
    slugsByRun: false,
    sharedSlug: typeof slug === "string" ? slug : undefined,
    slots: [],
    ownSlugs: new Map(),
    loopValues: new Map(),
    inputAttempts: new Map(),
  });
}
