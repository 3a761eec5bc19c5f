// Owns: taking what the marks moved out of a bundle's source map again, so that columns are those of the file.
// Does not own: what was put in front of a first statement (`marks`).

import { dirname, resolve } from "node:path";
import { type SourceMapSegment, decode, encode } from "@jridgewell/sourcemap-codec";
import type { Shift } from "./marks.js";

type SourceMap = { readonly sources: readonly string[]; readonly mappings: string };

/** The map of the bundle at `file`, with its columns as they are in the sources. `shifts` are by path. */
export function withoutShifts(map: string, file: string, shifts: ReadonlyMap<string, Shift>): string {
  const read: SourceMap = JSON.parse(map);
  const shiftOf = read.sources.map((source) => shifts.get(resolve(dirname(file), source)));
  const mappings = decode(read.mappings).map((line) => line.map((segment) => segmentWithout(segment, shiftOf)));
  return JSON.stringify({ ...read, mappings: encode(mappings) });
}

function segmentWithout(segment: SourceMapSegment, shiftOf: readonly (Shift | undefined)[]): SourceMapSegment {
  if (segment.length === 1) return segment;
  const [at, source, line, column] = segment;
  const moved = columnWithout(shiftOf[source], line, column);
  return segment.length === 4 ? [at, source, line, moved] : [at, source, line, moved, segment[4]];
}

/** Both count from 0. A column of what was put in front becomes that of the statement behind it. */
export function columnWithout(shift: Shift | undefined, line: number, column: number): number {
  if (shift === undefined || line !== shift.line || column <= shift.column) return column;
  return Math.max(shift.column, column - shift.width);
}
