// The recorded flows that need nothing but what is built, on every executor, under both wirings, and with tasks that end in
// another order. What they hold at large: maps, triggers, skips, retries, loops, signals, branches, the flow's state.
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Line, readLines } from "./format.js";
import { constructsNotYet } from "./not-yet.js";
import { reportOf } from "./report.js";
import { runLines, type SuiteOptions } from "./suite.js";

const linesOf = (file: string): readonly Line[] => readLines(fileURLToPath(new URL(file, import.meta.url)));
const version1 = linesOf("prefect-flows.jsonl");
const sayable = linesOf("prefect-flows-2.jsonl").filter((line) => constructsNotYet(line).length === 0);

async function report(lines: readonly Line[], options: SuiteOptions): Promise<string> {
  const verdicts = await runLines(lines, options);
  return [...reportOf(verdicts)].join("\n");
}

describe.each(["async", "sequential", "threads"])(
  "recorded flows on the executor %s",
  { timeout: 120_000 },
  (executor) => {
    it("all of version 1 have the recorded states and results [EXEC-7] [RUN-4] [TEST-5]", async () => {
      expect(await report(version1, { executor })).toBe("400 passed, 0 failed");
    });

    it("so have they when every edge is settled and tasks end in another order [EXEC-7]", async () => {
      expect(await report(version1, { executor, allSettled: true, seed: 1 })).toBe("400 passed, 0 failed");
    });

    it.each([{}, { allSettled: true }, { seed: 2 }])(
      "all of version 2 that can be said, under %j [EXEC-7]",
      async (given) => {
        const lines = await report(sayable, { executor, ...given });
        expect(lines.split("\n").at(-1)).toBe(`${sayable.length} passed, 0 failed`);
      },
    );
  },
);

// More of them: `test/unit/core/hostile.test.ts`, `test/unit/testing/simulated.test.ts`.
it.each(["hostile", "simulated"])(
  "version 1 on the executor %s, one a flow, in each of which things go wrong [EXEC-7]",
  { timeout: 120_000 },
  async (executor) => {
    expect(await report(version1, { executor, seed: 1 })).toBe("400 passed, 0 failed");
  },
);

it("most of version 2 can be said", () => {
  expect(sayable.length).toBeGreaterThanOrEqual(287);
});
