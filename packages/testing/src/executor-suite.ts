// Owns: the suite that every executor passes. It knows the public API alone.

import type { Executor } from "@millrace/core";
import { endingCases } from "./executor/endings.js";
import { flowCases } from "./executor/flows.js";
import { poolCases } from "./executor/pools.js";
import type { SuiteCase } from "./suite-case.js";

/** `make`: a fresh executor; each case closes its own. */
export function executorSuite(make: () => Executor): readonly SuiteCase[] {
  return [...poolCases, ...flowCases, ...endingCases].map(({ name, rules, run }) => ({
    name,
    rules,
    run: async () => {
      const executor = make();
      try {
        await run(executor, make);
      } finally {
        await executor.close("kill");
      }
    },
  }));
}
