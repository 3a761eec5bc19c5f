// Owns: what differs between a finished run and what is recorded of it, one line a difference.
import { isDeepStrictEqual } from "node:util";
import type { FinishedRun } from "@millrace/core";
import type { Expected, ExpectedState, Json } from "./format.js";

export async function differences(
  run: FinishedRun<unknown>,
  slugs: ReadonlyMap<string, string>,
  expected: Expected,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [name, state] of Object.entries(expected.tasks ?? {})) {
    const slug = slugs.get(name);
    if (slug === undefined) found.push(`${name}: there is no such task in the flow`);
    else found.push(...(await ofTask(run, name, slug, state)));
  }
  if (run.state !== expected.flow) found.push(`flow: ${run.state}, expected ${expected.flow}`);
  return found;
}

async function ofTask(run: FinishedRun<unknown>, name: string, slug: string, expected: ExpectedState) {
  const found = await ofState(run, name, slug, undefined, expected);
  if (found.length > 0 || expected.children === undefined) return found;
  const width = expected.children.length;
  if (run.states.get(slug, width) !== undefined) found.push(`${name}: more than ${width} children`);
  for (const [i, child] of expected.children.entries()) {
    found.push(...(await ofState(run, `${name}[${i}]`, slug, i, child)));
  }
  return found;
}

async function ofState(
  run: FinishedRun<unknown>,
  name: string,
  slug: string,
  index: number | undefined,
  expected: ExpectedState,
): Promise<string[]> {
  const state = run.states.get(slug, index);
  if (state !== expected.state) return [`${name}: ${state ?? "no state"}, expected ${expected.state}`];
  if (!("result" in expected)) return [];
  try {
    const result = jsonOf(await run.resultOf(slug, index));
    if (isDeepStrictEqual(result, expected.result)) return [];
    return [`${name}: ${JSON.stringify(result)}, expected ${JSON.stringify(expected.result)}`];
  } catch (error) {
    return [`${name}: no result (${String(error)}), expected ${JSON.stringify(expected.result)}`];
  }
}

/** The format knows no undefined. */
function jsonOf(value: unknown): Json {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

export function tallyDifferences(
  counted: ReadonlyMap<string, number>,
  expected: Readonly<Record<string, number>>,
  mayRepeat = false,
): readonly string[] {
  const names = new Set([...counted.keys(), ...Object.keys(expected)]);
  return [...names].flatMap((name) => {
    const [times, recorded] = [counted.get(name) ?? 0, expected[name] ?? 0];
    const isRepeat = mayRepeat && recorded > 0 && times > recorded;
    return times === recorded || isRepeat ? [] : [`${name}: its body ran ${times} times, expected ${recorded}`];
  });
}
