import { expect, test } from "vitest";
import { compile, fromSources, tempFolder, writeFiles } from "../types/compile.js";

const tasks = 2_000;
const flows = 20;
/** For all of them; exact and stable from run to run, as times are not. */
const instantiationsMax = 420_000;

/** Distinct async tasks with options and object arguments, each called once. */
function program(): string {
  const lines = ['import { flow, param, task } from "@millrace/core";'];
  for (let i = 0; i < tasks; i++) {
    lines.push(
      `interface Out${i} { id${i}: number; names: string[] }`,
      `const t${i} = task("t${i}", { retries: 2, retryDelay: "1s", tags: ["t"] },`,
      `  async (input: { in${i}: number; list: string[]; deep?: { on: boolean } }): Promise<Out${i}> =>`,
      `    ({ id${i}: input.in${i}, names: input.list }));`,
    );
  }
  const each = tasks / flows;
  for (let f = 0; f < flows; f++) {
    lines.push(`export const flow${f} = flow("flow${f}", { params: { n: param<number>() } }, (p) => {`);
    for (let i = f * each; i < (f + 1) * each; i++) lines.push(`  const r${i} = t${i}({ in${i}: p.n, list: ["a"] });`);
    lines.push(`  return [r${f * each}, r${(f + 1) * each - 1}] as const;`, "});");
  }
  return lines.join("\n");
}

function instantiations(source: string): number {
  const folder = tempFolder("budget");
  try {
    writeFiles(folder.path, { "program.ts": source });
    const output = compile(folder.path, fromSources, ["program.ts"], ["--extendedDiagnostics"]);
    expect(output).not.toMatch(/error TS/);
    return Number(/Instantiations:\s+(\d+)/.exec(output)?.[1]);
  } finally {
    folder.done();
  }
}

test(`${tasks} tasks in ${flows} flows cost the compiler at most ${instantiationsMax} instantiations`, {
  timeout: 120_000,
}, () => {
  const ofCore = instantiations('import "@millrace/core";');
  const count = instantiations(program()) - ofCore;
  expect(count).toBeGreaterThan(tasks);
  expect(count).toBeLessThanOrEqual(instantiationsMax);
});
