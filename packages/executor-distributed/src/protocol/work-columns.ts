// Owns: works of one template as columns: how they travel, and the works again where somebody asks for one.
// C1. A range of a map's children, each at its first attempt, is a range again on the other side (`bind`).
// C2. What few works have (a loop value, inputs that were made again, a user's own slug) stands by position.
// C3. Slots are views of the frame's memory.

import {
  type RunFacts,
  type SentTree,
  type TaskRunId,
  taskRunId,
  type ValueRef,
  type Work,
  type WorkBatch,
  WorkRange,
  type WorkTemplate,
} from "@millrace/core/pure";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { Column } from "./column.js";
import { bool, type Field, optional, text } from "./fields.js";
import { IdRuns } from "./id-runs.js";
import { ID_END, ROWS_MAX, TEXT_MAX } from "./limits.js";
import { inlineOf, Opaque } from "./opaque.js";
import { sentNames, TreeColumn } from "./tree-column.js";

export type WorkParts = {
  readonly ids: IdRuns;
  readonly attempts: Column;
  /** One more than the child's index; 0: no child. */
  readonly indices: Column;
  readonly runCounts: Column;
  readonly loopCounts: Column;
  /**
   * Numbers behind the template's prefix; where a work has its own, it stands in `ownSlugs`. `slugsByRun`: how far it is from
   * the task run's number, doubled, and one more where it is less: nodes of one task that follow each other are so far alike.
   */
  readonly slugs: Column;
  readonly slugsByRun: boolean;
  /** Of all works: they are of one node whose slug is the user's own. */
  readonly sharedSlug: string | undefined;
  readonly slots: readonly TreeColumn<ValueRef>[];
  readonly ownSlugs: ReadonlyMap<number, string>;
  readonly loopValues: ReadonlyMap<number, unknown>;
  readonly inputAttempts: ReadonlyMap<number, ReadonlyMap<TaskRunId, number>>;
};
const sharedSlug = optional(text);

/** The number behind the prefix. */
export function slugNumber({ ids, slugs, slugsByRun }: WorkParts, i: number): number {
  const slug = slugs.at(i);
  if (!slugsByRun) return slug;
  return ids.at(i) + (slug % 2 === 0 ? slug / 2 : -(slug + 1) / 2);
}
/** Slots of one work. */
const SLOTS_MAX = 4_096;

export class WorkColumns {
  readonly parts: WorkParts;

  constructor(parts: WorkParts) {
    this.parts = parts;
  }

  get length(): number {
    return this.parts.ids.length;
  }

  at(i: number): Work {
    return new ColumnWork(this.parts, i);
  }

  /** As a batch of the seam. */
  bind(run: RunFacts, template: WorkTemplate): WorkBatch {
    const { parts, length } = this;
    if (!isRange(parts)) return new BoundWorks(this, run, template);
    const slug = parts.sharedSlug ?? slugNumber(parts, 0);
    return new WorkRange(run, template, taskRunId(parts.ids.at(0)), parts.indices.at(0) - 1, slug, length);
  }

  write(out: ByteWriter): void {
    const { parts } = this;
    parts.ids.write(out);
    for (const column of [parts.attempts, parts.indices, parts.runCounts, parts.loopCounts, parts.slugs])
      column.write(out);
    bool.write(out, parts.slugsByRun);
    sharedSlug.write(out, parts.sharedSlug);
    out.varint(parts.slots.length);
    for (const slot of parts.slots) slot.write(out);
    writeSparse(out, parts.ownSlugs, (slug) => out.text(slug, TEXT_MAX));
    writeSparse(out, parts.loopValues, (value) => {
      const { memory, from, end } = inlineOf(value);
      out.block(memory, from, end);
    });
    writeSparse(out, parts.inputAttempts, (attempts) => {
      out.varint(attempts.size);
      for (const [taskRun, attempt] of attempts) {
        out.varint(taskRun);
        out.varint(attempt);
      }
    });
  }

  static read(from: ByteReader): WorkColumns {
    const ids = IdRuns.read(from, ROWS_MAX);
    const { length } = ids;
    const column = (): Column => Column.read(from, length, ID_END);
    const [attempts, indices, runCounts, loopCounts, slugs] = [column(), column(), column(), column(), column()];
    const slugsByRun = bool.read(from);
    const shared = sharedSlug.read(from);
    const slots: TreeColumn<ValueRef>[] = [];
    for (let left = from.count(SLOTS_MAX, 2); left > 0; left--) slots.push(TreeColumn.read(from, length, sentNames));
    const ownSlugs = readSparse(from, length, () => from.text(TEXT_MAX));
    const loopValues = readSparse<unknown>(from, length, () => new Opaque(from.block(from.end)));
    const inputAttempts = readSparse(from, length, () => readAttempts(from));
    return new WorkColumns({
      ids,
      attempts,
      indices,
      runCounts,
      loopCounts,
      slugs,
      slugsByRun,
      sharedSlug: shared,
      slots,
      ownSlugs,
      loopValues,
      inputAttempts,
    });
  }
}

export const workColumns: Field<WorkColumns> = {
  says: "works: ids as runs, attempts, indices, counts, slugs, slots",
  write: (out, given) => given.write(out),
  read: (from) => WorkColumns.read(from),
};

function isRange({ ids, attempts, indices, runCounts, loopCounts, slugs, ...rest }: WorkParts): boolean {
  const isPlain = [attempts, runCounts, loopCounts].every(({ all }) => all === 1);
  const isOne = ids.firsts.length === 1 && indices.isLine && indices.at(0) > 0;
  const isLean = rest.slots.length === 0 && rest.loopValues.size === 0 && rest.inputAttempts.size === 0;
  return (
    isPlain &&
    isOne &&
    isLean &&
    rest.ownSlugs.size === 0 &&
    slugs.all !== undefined &&
    !(rest.slugsByRun && rest.sharedSlug === undefined && ids.length > 1)
  );
}

class ColumnWork implements Work {
  private readonly parts: WorkParts;
  private readonly i: number;
  private made: readonly SentTree[] | undefined;

  constructor(parts: WorkParts, i: number) {
    this.parts = parts;
    this.i = i;
  }

  get taskRun(): TaskRunId {
    return taskRunId(this.parts.ids.at(this.i));
  }

  get attempt(): number {
    return this.parts.attempts.at(this.i);
  }

  get index(): number {
    return this.parts.indices.at(this.i) - 1;
  }

  get runCount(): number {
    return this.parts.runCounts.at(this.i);
  }

  get loopCount(): number {
    return this.parts.loopCounts.at(this.i);
  }

  get loopValue(): unknown {
    return this.parts.loopValues.get(this.i);
  }

  get slug(): string | number {
    return this.parts.sharedSlug ?? this.parts.ownSlugs.get(this.i) ?? slugNumber(this.parts, this.i);
  }

  get slots(): readonly SentTree[] | undefined {
    const { slots } = this.parts;
    if (slots.length === 0) return undefined;
    this.made ??= slots.map((slot) => slot.at(this.i));
    return this.made;
  }

  get inputAttempts(): ReadonlyMap<TaskRunId, number> | undefined {
    return this.parts.inputAttempts.get(this.i);
  }
}

class BoundWorks implements WorkBatch {
  readonly run: RunFacts;
  readonly template: WorkTemplate;
  readonly columns: WorkColumns;

  constructor(columns: WorkColumns, run: RunFacts, template: WorkTemplate) {
    this.columns = columns;
    this.run = run;
    this.template = template;
  }

  get length(): number {
    return this.columns.length;
  }

  at(i: number): Work {
    return this.columns.at(i);
  }
}

export function writeSparse<T>(out: ByteWriter, map: ReadonlyMap<number, T>, write: (value: T) => void): void {
  out.varint(map.size);
  let next = 0;
  for (const [position, value] of map) {
    out.varint(position - next);
    write(value);
    next = position + 1;
  }
}

/** Positions go up, and are below `end`. */
export function readSparse<T>(from: ByteReader, end: number, read: () => T): ReadonlyMap<number, T> {
  const map = new Map<number, T>();
  let next = 0;
  for (let left = from.count(end, 2); left > 0; left--) {
    const position = next + from.varint();
    if (position >= end) throw from.fail("a position is out of range");
    map.set(position, read());
    next = position + 1;
  }
  return map;
}

function readAttempts(from: ByteReader): ReadonlyMap<TaskRunId, number> {
  const attempts = new Map<TaskRunId, number>();
  for (let left = from.count(ROWS_MAX, 2); left > 0; left--) {
    const taskRun = taskRunId(from.upTo(ID_END - 1));
    attempts.set(taskRun, from.upTo(ID_END));
  }
  return attempts;
}
