// Owns: 100,000 works and their outcomes as frames, written and read, beside msgpackr with one row a task (records off).
// Counted: building the columns (the rows) of the same works and outcomes, head and checksum of ours, and reading every field of
// every task. The peer has no checksum. Arguments and results are small numbers, encoded before, and opaque bytes on both sides.
// `plainNumbers`: the peer with its own numbers in place of the bytes, which is its quickest form, and carries numbers only.
// `valuesToo`: against that, ours where our codec of values encodes and decodes each argument and result as well.
import { alternate } from "../alternate.js";
import type { Bench, Figures } from "../bench.js";
import { compared } from "../compared.js";
import type { SideSpec } from "../side-client.js";
import { median, ratios, rounded, spread } from "../stats.js";

const REPEATS = 9;
const WARMUPS = 4;

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
      rows: side("rows of bytes"),
      plainNumbers: side("rows"),
      valuesToo: side("ours, values too"),
    },
    REPEATS,
  );
  const [ours, theirs, plain] = [measured.of("ours"), measured.of("rows"), measured.of("plainNumbers")];
  const against = (name: string, over: readonly number[], under: readonly number[]): Figures => ({
    ms: rounded(median(measured.of(name))),
    spread: spread(measured.of(name)),
    ratio: rounded(median(over) / median(under)),
    ratioSpread: spread(ratios(over, under)),
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
      peerBytesPerTask: await bytesPerTask("rows of bytes"),
      plainNumbers: { ...against("plainNumbers", plain, ours), bytesPerTask: await bytesPerTask("rows") },
      valuesToo: against("valuesToo", plain, measured.of("valuesToo")),
    },
  });
};
