// Owns: the suite that every runner passes. It drives the methods of the seam, as a driver does.

import assert from "node:assert/strict";
import { watchResources } from "./left-open.js";
import { DrivenRunner, type RunnerUnderTest } from "./runner/driven-runner.js";
import { valueCases } from "./runner/values.js";
import { workCases } from "./runner/works.js";
import type { SuiteCase } from "./suite-case.js";

/** `make`: a fresh runner, not started; each case closes its own, and nothing may be left open then. */
export function runnerSuite(make: () => RunnerUnderTest): readonly SuiteCase[] {
  return [...workCases, ...valueCases].map(({ name, rules, run }) => ({
    name,
    rules,
    run: async () => {
      const leftOpen = watchResources();
      const made = make();
      const driven = new DrivenRunner(made);
      try {
        await driven.start();
        await run(driven, made.most);
        assert.deepEqual(driven.failures, []);
      } finally {
        await made.runner.close("kill");
      }
      assert.deepEqual(await leftOpen(), [], "something is left open");
    },
  }));
}
