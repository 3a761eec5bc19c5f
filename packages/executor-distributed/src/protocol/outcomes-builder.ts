// Owns: making columns of outcomes, one after the other.

import type { OutcomeEnd } from "@millrace/core/pure";
import { ColumnBuilder } from "./column.js";
import { IdRunsBuilder } from "./id-runs.js";
import type { Opaque } from "./opaque.js";
import { codeOfMeta, OutcomeColumns, type OutcomeParts } from "./outcome-columns.js";
import { SlabBuilder } from "./slab.js";
import { TimesBuilder } from "./time-columns.js";

type Others = OutcomeParts["others"] extends ReadonlyMap<number, infer End> ? Map<number, End> : never;

export class OutcomesBuilder {
  private readonly ids = new IdRunsBuilder();
  private readonly attempts = new ColumnBuilder();
  private readonly times = new TimesBuilder();
  private readonly metas = new ColumnBuilder();
  private readonly sizes = new ColumnBuilder();
  private readonly inline = new SlabBuilder();
  private readonly others: Others = new Map();

  get length(): number {
    return this.ids.length;
  }

  /** Bytes of values that ride along so far. */
  get inlineBytes(): number {
    return this.inline.byteLength;
  }

  /** `value`: its bytes, where it is to ride along, else how many it has. Of what is no value it is 0. */
  add(
    taskRun: number,
    attempt: number,
    startedAtMs: number,
    durationMs: number,
    result: OutcomeEnd,
    value: Opaque | number,
  ): void {
    const i = this.ids.length;
    this.ids.push(taskRun);
    this.attempts.push(attempt);
    this.times.push(startedAtMs, durationMs);
    if (result.end === "value") this.metas.push(codeOfMeta(result.value));
    else {
      this.metas.push(0);
      this.others.set(i, result);
    }
    if (typeof value === "number") {
      this.sizes.push(value);
      this.inline.skip();
    } else {
      this.sizes.push(0);
      this.inline.push(value);
    }
  }

  columns(): OutcomeColumns {
    return new OutcomeColumns({
      ids: this.ids.runs(),
      attempts: this.attempts.column(),
      times: this.times.columns(),
      metas: this.metas.column(),
      sizes: this.sizes.column(),
      inline: this.inline.slab(),
      others: this.others,
    });
  }
}
