// Owns: values by range, and who holds them.

import type { ValueRange } from "@millrace/core/pure";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { type Field, list } from "./fields.js";
import { ID_END, VALUES_MAX } from "./limits.js";

function writeRange(out: ByteWriter, { first, count, attempt }: ValueRange): void {
  out.varint(first);
  out.varint(count);
  out.varint(attempt);
}

function readRange(from: ByteReader): ValueRange {
  const first = from.upTo(ID_END - 1);
  return { first, count: from.upTo(ID_END - first), attempt: from.upTo(ID_END) };
}

const rangeList = list({ says: "{ first, count, attempt }", write: writeRange, read: readRange });

/** At most `VALUES_MAX` values in all: whoever takes them looks at each. */
export const valueRanges: Field<readonly ValueRange[]> = {
  ...rangeList,
  says: "value ranges",
  read: (from) => {
    const ranges = rangeList.read(from);
    let values = 0;
    for (const { count } of ranges) values += count;
    if (values > VALUES_MAX) throw from.fail("it has more values than its cap");
    return ranges;
  },
};

/** `worker`: by its number (`peer`). */
export type Holding = ValueRange & { readonly worker: number };

export const holdings: Field<readonly Holding[]> = {
  ...list<Holding>({
    says: "",
    write: (out, holding) => {
      out.varint(holding.worker);
      writeRange(out, holding);
    },
    read: (from) => ({ worker: from.upTo(ID_END), ...readRange(from) }),
  }),
  says: "holders: runs { worker, first, count, attempt }",
};
