// Owns: cases of an executor with flows: states and results, many runs at a time.

import assert from "node:assert/strict";
import { type Executor, flow, param, settled, settledEach } from "@millrace/core";
import type { SuiteCase } from "../suite-case.js";
import { add, always, double, echo, fails, flaky, later, oddFails, skips, sum, whoAmI } from "../suite-tasks.js";

type Case = Omit<SuiteCase, "run"> & { readonly run: (executor: Executor) => Promise<void> };

const shared = flow("shared", { params: { n: param<number>() } }, (p) => {
  const xs = [add(p.n, 1), later(p.n), double(p.n)] as const;
  return { sum: sum([...xs]), who: whoAmI(p.n) };
});

export const flowCases: readonly Case[] = [
  {
    name: "a flow has the states and results that it has everywhere",
    rules: ["EXEC-7"],
    run: async (executor) => {
      const various = flow("various", () => {
        const failed = fails("no");
        const skipped = skips();
        const mapped = oddFails.map([0, 1, 2, 3]);
        double(failed);
        double(skipped);
        return {
          tried: flaky(),
          always: always.with({ upstream: [failed] })(),
          ends: settledEach(mapped),
          skip: settled(skipped),
        };
      });
      const run = await various.start({}, { executor }).done;
      assert.equal(run.state, "Failed");
      const states = ["fails-1", "skips-1", "double-1", "double-2", "flaky-1", "always-1"].map((slug) =>
        run.states.get(slug),
      );
      assert.deepEqual(states, ["Failed", "Skipped", "TriggerFailed", "Skipped", "Success", "Success"]);
      const children = [0, 1, 2, 3].map((index) => run.states.get("odd-fails-1", index));
      assert.deepEqual(children, ["Success", "Failed", "Success", "Failed"]);
      assert.equal(await run.resultOf("flaky-1"), 3);
      assert.equal(await run.resultOf("odd-fails-1", 2), 2);
    },
  },
  {
    name: "values come through as they are",
    rules: ["EXEC-7", "U9"],
    run: async (executor) => {
      const value = { list: [1n, undefined, -0, Number.NaN], map: new Map([["a", new Set([new Date(5)])]]), text: "é" };
      const through = flow("through", () => [echo(echo(value)), echo.map([value, null, undefined])] as const);
      const [twice, each] = await through.run({}, { executor });
      assert.deepEqual(twice, value);
      assert.deepEqual(each, [value, null, undefined]);
    },
  },
  {
    name: "a hundred runs at the same time do not mix",
    rules: ["POOL-4"],
    run: async (executor) => {
      const runs = Array.from({ length: 100 }, (_, n) => shared.run({ n }, { executor }));
      const who = { taskName: "who-am-i", mapIndex: undefined, flowName: "shared", runCount: 1 };
      assert.deepEqual(
        await Promise.all(runs),
        runs.map((_, n) => ({ sum: 4 * n + 1, who })),
      );
    },
  },
  {
    name: "a run that fails and one that is cancelled leave the others alone",
    rules: ["POOL-4"],
    run: async (executor) => {
      const failing = flow("failing", () => fails("no"));
      const ends = Array.from({ length: 12 }, (_, n) => {
        if (n % 3 === 0) return failing.run({}, { executor }).catch((error: Error) => error.name);
        const run = shared.start({ n }, { executor });
        if (n % 3 === 1) run.cancel();
        return run.done.then(({ state }) => state);
      });
      const expected = ends.map((_, n) => ["FlowFailed", "Cancelled", "Success"][n % 3]);
      assert.deepEqual(await Promise.all(ends), expected);
    },
  },
];
