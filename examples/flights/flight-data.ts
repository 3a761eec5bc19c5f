// The flights in columns, as vega-datasets ships them in one Parquet file.
import { asyncBufferFromFile, parquetMetadataAsync, parquetScan } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { fileURLToPath } from "node:url";

/** Its exports hide the data folder, so the way there starts from the entry file. */
export const flightsFile = fileURLToPath(new URL("../data/flights-3m.parquet", import.meta.resolve("vega-datasets")));

/** Rows `from` up to, but not including, `to`. */
export type RowGroup = { readonly number: number; readonly of: number; readonly from: number; readonly to: number };
/** One entry a flight in each. */
export type Flights = {
  readonly origins: readonly string[];
  /** Minutes, negative where it left early. */
  readonly delays: Float64Array;
  /** Miles. */
  readonly distances: Float64Array;
  /** Of the departure, local time, 0 to 23. */
  readonly hours: Float64Array;
};

export async function rowGroups(): Promise<readonly RowGroup[]> {
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(flightsFile));
  let from = 0;
  return metadata.row_groups.map(({ num_rows: rows }, i, { length }) => {
    const group = { number: i + 1, of: length, from, to: from + Number(rows) };
    from = group.to;
    return group;
  });
}

export async function readFlights({ from, to }: RowGroup): Promise<Flights> {
  const file = await asyncBufferFromFile(flightsFile);
  // As they stand in the file: a Date for each of three million rows would be made only to be asked for its hour.
  const parsers = { timestampFromMicroseconds: Number };
  const scan = await parquetScan({ file, compressors, parsers, rowStart: from, rowEnd: to });
  const read = (column: string): Promise<Column> => scan.readColumn({ column, rowStart: from, rowEnd: to });
  return {
    origins: await read("origin").then((origins) => Array.from(origins, String)),
    delays: numbers(await read("delay")),
    distances: numbers(await read("distance")),
    hours: numbers(await read("date")).map((microseconds) => Math.floor(microseconds / microsecondsAnHour) % 24),
  };
}

type Column = ArrayLike<unknown>;

/** Whole numbers come as bigint. A loop: Float64Array.from takes ten times as long. */
function numbers(column: Column): Float64Array {
  const result = new Float64Array(column.length);
  for (let i = 0; i < result.length; i++) result[i] = Number(column[i]);
  return result;
}

const microsecondsAnHour = 3_600_000_000;
