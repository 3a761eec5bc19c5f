// Owns: the words in which verdicts are told: one line a failure, what is not built yet, a table of families, the count.
import { hasPassed, type Verdict } from "./run-line.js";

const DIFFERENCES_MAX = 8;

export function* reportOf(verdicts: readonly Verdict[]): Generator<string> {
  for (const verdict of verdicts) if (!hasPassed(verdict)) yield failureOf(verdict);
  yield* notYetOf(verdicts);
  yield* familiesOf(verdicts);
  const passed = verdicts.filter(hasPassed).length;
  yield `${passed} passed, ${verdicts.length - passed} failed`;
}

function failureOf({ id, notYet, differences }: Verdict): string {
  if (notYet.length > 0) return `FAIL ${id} NotYet: ${notYet.join(", ")}`;
  const shown = differences.slice(0, DIFFERENCES_MAX);
  const more = differences.length - shown.length;
  return [`FAIL ${id}`, ...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("\n     ");
}

function* notYetOf(verdicts: readonly Verdict[]): Generator<string> {
  const constructs = countBy(verdicts.flatMap(({ notYet }) => notYet));
  if (constructs.size > 0) yield "\nNotYet, by construct (a flow may have several):";
  for (const [construct, count] of [...constructs].sort(([, a], [, b]) => b - a)) {
    yield `  ${String(count).padStart(4)}  ${construct}`;
  }
}

function* familiesOf(verdicts: readonly Verdict[]): Generator<string> {
  const all = countBy(verdicts.map(({ family }) => family));
  const passed = countBy(verdicts.filter(hasPassed).map(({ family }) => family));
  if (all.size < 2) return;
  yield "\nPassed, by family:";
  for (const [family, count] of [...all].sort(([a], [b]) => a.localeCompare(b))) {
    yield `  ${family.padEnd(12)} ${passed.get(family) ?? 0} of ${count}`;
  }
}

function countBy(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
