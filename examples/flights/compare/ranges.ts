// The flights as ranges of rows, and a flow that counts one range a task.
import { flow, param, task } from "millrace";
import { type RowGroup, readFlights, rowGroups } from "../flight-data.js";
import { combined, type Tally, tallyOf } from "../tally.js";

/** About as many rows in each. No range reaches from one row group into the next. */
export async function splitRanges(count: number): Promise<readonly RowGroup[]> {
  const groups = await rowGroups();
  const each = Math.ceil(count / groups.length);
  const ranges = groups.flatMap(({ from, to }) => {
    const rows = Math.ceil((to - from) / each);
    return Array.from({ length: each }, (_, i) => ({ from: from + i * rows, to: Math.min(from + (i + 1) * rows, to) }));
  });
  return ranges.map((range, i) => ({ ...range, number: i + 1, of: ranges.length }));
}

export const tallyRange = async (range: RowGroup): Promise<Tally> => tallyOf(await readFlights(range));

const tally = task("tally-range", tallyRange);
const combine = task("combine-ranges", (tallies: readonly Tally[]) => combined(tallies));

export const byRanges = flow("by-ranges", { params: { ranges: param<readonly RowGroup[]>() } }, (p) =>
  combine(tally.map(p.ranges)),
);
