// Owns: which works: task runs as runs, and the attempt of each.

import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { Column, ColumnBuilder } from "./column.js";
import type { Field } from "./fields.js";
import { IdRuns, IdRunsBuilder } from "./id-runs.js";
import { ID_END, ROWS_MAX } from "./limits.js";

export class WorkNames {
  readonly ids: IdRuns;
  readonly attempts: Column;

  constructor(ids: IdRuns, attempts: Column) {
    this.ids = ids;
    this.attempts = attempts;
  }

  static of(works: Iterable<{ readonly taskRun: number; readonly attempt: number }>): WorkNames {
    const [ids, attempts] = [new IdRunsBuilder(), new ColumnBuilder()];
    for (const { taskRun, attempt } of works) {
      ids.push(taskRun);
      attempts.push(attempt);
    }
    return new WorkNames(ids.runs(), attempts.column());
  }

  get length(): number {
    return this.ids.length;
  }

  write(out: ByteWriter): void {
    this.ids.write(out);
    this.attempts.write(out);
  }

  static read(from: ByteReader): WorkNames {
    const ids = IdRuns.read(from, ROWS_MAX);
    return new WorkNames(ids, Column.read(from, ids.length, ID_END));
  }
}

export const workNames: Field<WorkNames> = {
  says: "works",
  write: (out, given) => given.write(out),
  read: (from) => WorkNames.read(from),
};
