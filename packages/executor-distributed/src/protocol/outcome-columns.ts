// Owns: how works ended, as columns: values nearly always, so that what is no value stands by position.
// O1. A value's meta is one number: 0 falsy, 1 truthy, a list's length and 2.
// O2. Small values ride along in the slab, by position; an empty piece: it stayed where it was made. Views of the frame.
// O3. A range of first attempts that all gave values is a range again on the other side (`bind`).

import {
  type FlowRunId,
  type Outcome,
  type OutcomeBatch,
  type OutcomeEnd,
  OutcomeRange,
  PLAIN_FALSE,
  PLAIN_TRUE,
  taskRunId,
  type ValueMeta,
} from "@millrace/core/pure";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { Column } from "./column.js";
import { failure, retry } from "./failure-fields.js";
import { type Field, only, optional, value, words } from "./fields.js";
import { IdRuns } from "./id-runs.js";
import { ID_END, ROWS_MAX } from "./limits.js";
import type { Opaque } from "./opaque.js";
import { valueRanges } from "./ranges.js";
import { choice } from "./shapes.js";
import { Slab } from "./slab.js";
import { TimeColumns } from "./time-columns.js";
import { readSparse, writeSparse } from "./work-columns.js";

type OtherEnd = Exclude<OutcomeEnd, { readonly end: "value" }>;
const NO_VALUE: OutcomeEnd = { end: "timedOut" };
const FALSY: OutcomeEnd = Object.freeze({ end: "value", value: PLAIN_FALSE });
const TRUTHY: OutcomeEnd = Object.freeze({ end: "value", value: PLAIN_TRUE });

const signal = choice("kind", { skip: { reason: words }, loop: { next: value } });
const sentEnd = choice("end", {
  signal: { signal },
  failed: { failure, retry },
  timedOut: { goesOn: optional(only(true)) },
  died: { cause: failure },
  givenBack: { missing: valueRanges },
});
const otherEnd: Field<OtherEnd> = {
  says: sentEnd.says,
  write: (out, end) => sentEnd.write(out, end.end === "timedOut" ? { end: "timedOut", goesOn: end.goesOn } : end),
  read: (from) => {
    const end = sentEnd.read(from);
    if (end.end !== "timedOut") return end;
    return end.goesOn === true ? { end: "timedOut", goesOn: true } : { end: "timedOut" };
  },
};

export const codeOfMeta = ({ length, truthy }: ValueMeta): number => (length >= 0 ? length + 2 : truthy ? 1 : 0);
export const metaOfCode = (code: number): ValueMeta =>
  code >= 2 ? { length: code - 2, truthy: true } : code === 1 ? PLAIN_TRUE : PLAIN_FALSE;

export type OutcomeParts = {
  readonly ids: IdRuns;
  readonly attempts: Column;
  readonly times: TimeColumns;
  readonly metas: Column;
  /** Bytes of values that stayed; 0 where there is none. */
  readonly sizes: Column;
  readonly inline: Slab;
  readonly others: ReadonlyMap<number, OtherEnd>;
};

export class OutcomeColumns {
  readonly parts: OutcomeParts;

  constructor(parts: OutcomeParts) {
    this.parts = parts;
  }

  get length(): number {
    return this.parts.ids.length;
  }

  at(i: number): Outcome {
    const { ids, attempts, times } = this.parts;
    return {
      taskRun: taskRunId(ids.at(i)),
      attempt: attempts.at(i),
      startedAtMs: times.startedAtMs(i),
      durationMs: times.durationMs(i),
      result: this.resultAt(i),
    };
  }

  resultAt(i: number): OutcomeEnd {
    const { metas, others } = this.parts;
    if (others.size > 0 && others.has(i)) return others.get(i) ?? NO_VALUE;
    const code = metas.at(i);
    return code === 1 ? TRUTHY : code === 0 ? FALSY : { end: "value", value: metaOfCode(code) };
  }

  /** The value, where it rode along. */
  inlineAt(i: number): Opaque | undefined {
    const { inline } = this.parts;
    return inline.lengths.at(i) === 0 ? undefined : inline.at(i);
  }

  /** Bytes of the value, wherever it is. */
  sizeAt(i: number): number {
    const { inline, sizes } = this.parts;
    return inline.lengths.at(i) || sizes.at(i);
  }

  /** As a batch of the seam. */
  bind(run: FlowRunId): OutcomeBatch {
    const { ids, attempts, times, metas, others } = this.parts;
    if (ids.firsts.length !== 1 || attempts.all !== 1 || others.size > 0) return new BoundOutcomes(this, run);
    const metaAt = (i: number): ValueMeta => metaOfCode(metas.at(i));
    return new OutcomeRange(run, taskRunId(ids.at(0)), times.allStarts(), times.allDurations(), metaAt);
  }

  write(out: ByteWriter): void {
    const { ids, attempts, times, metas, sizes, inline, others } = this.parts;
    ids.write(out);
    attempts.write(out);
    times.write(out);
    metas.write(out);
    sizes.write(out);
    inline.write(out);
    writeSparse(out, others, (end) => otherEnd.write(out, end));
  }

  static read(from: ByteReader): OutcomeColumns {
    const ids = IdRuns.read(from, ROWS_MAX);
    const { length } = ids;
    const attempts = Column.read(from, length, ID_END);
    const times = TimeColumns.read(from, length);
    const metas = Column.read(from, length, Number.MAX_SAFE_INTEGER);
    const sizes = Column.read(from, length, Number.MAX_SAFE_INTEGER);
    const inline = Slab.read(from, length);
    const others = readSparse(from, length, () => otherEnd.read(from));
    return new OutcomeColumns({ ids, attempts, times, metas, sizes, inline, others });
  }
}

export const outcomeColumns: Field<OutcomeColumns> = {
  says: "outcomes: ids as runs, attempts, times, metas, sizes, inline values, other ends",
  write: (out, given) => given.write(out),
  read: (from) => OutcomeColumns.read(from),
};

class BoundOutcomes implements OutcomeBatch {
  readonly run: FlowRunId;
  readonly columns: OutcomeColumns;

  constructor(columns: OutcomeColumns, run: FlowRunId) {
    this.columns = columns;
    this.run = run;
  }

  get length(): number {
    return this.columns.length;
  }

  at(i: number): Outcome {
    return this.columns.at(i);
  }
}
