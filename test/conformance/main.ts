// Owns: the command `npm run -s conformance -- FILE... [--executor NAME] [--seed N] [--only F,F] [--without F,F] [--settled]`:
// recorded flows against what is recorded of them. Its last line is `N passed, M failed`; one mismatch makes its code 1.
import { parseArgs } from "node:util";
import { familyOf, type Line, readLines } from "./format.js";
import { reportOf } from "./report.js";
import { hasPassed } from "./run-line.js";
import { executorNames, runLines } from "./suite.js";

const usage = `usage: npm run -s conformance -- FILE... [options]
  --executor NAME   one of ${executorNames.join(", ")}; without it: async
  --seed N          tasks take some turns of the event loop, as N says, and so end in another order
  --only F,F        these families only (a flow of version 1 is of the family v1)
  --without F,F     all families but these
  --settled         settled edges also where plain ones would do`;

/** A mistake in the arguments. */
class UsageError extends Error {}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { executor: text, seed: text, only: text, without: text, settled: { type: "boolean" } },
  });
  if (positionals.length === 0) throw new UsageError("give a file of recorded flows");
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  if (seed !== undefined && !Number.isSafeInteger(seed))
    throw new UsageError(`--seed ${values.seed} is no whole number`);
  return { ...values, seed, files: positionals };
}

function select(lines: readonly Line[], only: string | undefined, without: string | undefined): readonly Line[] {
  const families = new Set(lines.map(familyOf));
  const [wanted, unwanted] = [only, without].map((list) => list?.split(","));
  const unknown = [...(wanted ?? []), ...(unwanted ?? [])].filter((family) => !families.has(family));
  if (unknown.length > 0) {
    throw new UsageError(
      `no flow is of the family ${unknown.join(", ")}: there are ${[...families].sort().join(", ")}`,
    );
  }
  return lines.filter((line) => {
    const family = familyOf(line);
    return wanted?.includes(family) !== false && unwanted?.includes(family) !== true;
  });
}

async function main(): Promise<number> {
  const { files, executor, seed, only, without, settled } = parse(process.argv.slice(2));
  const lines = select(files.flatMap(readLines), only, without);
  if (lines.length === 0) throw new UsageError("these files and options leave no flow to run");
  const verdicts = await runLines(lines, { executor, seed, allSettled: settled });
  for (const text of reportOf(verdicts)) console.log(text);
  return verdicts.every(hasPassed) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof UsageError || (error instanceof TypeError && "code" in error);
  console.error(isUsage ? `${error.message}\n${usage}` : error);
  process.exitCode = isUsage ? 2 : 1;
}
