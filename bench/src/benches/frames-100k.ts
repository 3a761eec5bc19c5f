// Owns: 100,000 works and their outcomes as frames, written and read, beside msgpackr with one row a task (records off).
// Counted: building the columns (the rows), head and checksum of ours, and reading every field of every task. The peer has no
// checksum. Arguments and results are small numbers: opaque bytes in ours, msgpackr's own numbers in the peer, which is its
// quickest form; `rowsOfBytes` carries the same bytes as ours, `valuesToo` has our codec of values encode and decode each.
import { alternate } from "../alternate.js";
import type { Bench, Figures } from "../bench.js";
import { compared } from "../compared.js";
import type { SideSpec } from "../side-client.js";
import { median, rounded, spread } from "../stats.js";

const REPEATS = 9;
const WARMUPS = 5;

const side = (codec: string, figure = "ms"): SideSpec => ({
  side: "frames",
  options: { codec, figure },
  warmups: figure === "ms" ? WARMUPS : 0,
});

async function bytesPerTask(codec: string): Promise<Figures> {
  const measured = await alternate({ there: side(codec, "there"), back: side(codec, "back") }, 1);
  return { works: rounded(median(measured.of("there"))), outcomes: rounded(median(measured.of("back"))) };
}

export const bench: Bench = async () => {
  const measured = await alternate(
    {
      ours: side("ours"),
      rows: side("rows"),
      rowsOfBytes: side("rows of bytes"),
      valuesToo: side("ours, values too"),
    },
    REPEATS,
  );
  const [ours, theirs] = [measured.of("ours"), measured.of("rows")];
  const against = (name: string, over: readonly number[], under: readonly number[]): Figures => ({
    ms: rounded(median(measured.of(name))),
    spread: spread(measured.of(name)),
    ratio: rounded(median(over) / median(under)),
  });
  return compared({
    bench: "frames-100k",
    unit: "ms for 100,000 works and 100,000 outcomes",
    peer: "msgpackr 2.1.3, an array a task, records off",
    better: "less",
    ours,
    theirs,
    extra: {
      bytesPerTask: await bytesPerTask("ours"),
      peerBytesPerTask: await bytesPerTask("rows"),
      rowsOfBytes: against("rowsOfBytes", measured.of("rowsOfBytes"), ours),
      valuesToo: against("valuesToo", theirs, measured.of("valuesToo")),
    },
  });
};
