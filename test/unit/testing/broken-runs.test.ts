// A run that breaks while its works are under way, on a simulated cluster: it alone is over, and nothing of it is left.
import { flow, task } from "@millrace/core";
import { NO_FAULTS, SimulatedCluster } from "@millrace/testing";
import { expect, test } from "vitest";
import { SILENT } from "../../../packages/testing/src/simulator/differences.js";

const inc = task("inc", (x: number) => x + 1);
const wide = flow("wide", () => inc.map(inc.map([...Array(60).keys()])));

test.each([
  ["refused", "PUT_REFUSED"],
  ["given up", "RUN_ABANDONED"],
] as const)("a run that is %s breaks with %s, and the workers have their slots for another one", async (how, code) => {
  const cluster = new SimulatedCluster(5, { workers: 2, slots: 2, faults: NO_FAULTS });
  const [executor, other] = [cluster.client(), cluster.client()];
  const run = wide.start({}, { executor, logger: SILENT });
  let underWay = 0;
  cluster.after(60, () => {
    underWay = run.summary().Running;
    cluster.breakRun(executor, how);
  });
  await expect(run.done).rejects.toThrow(expect.objectContaining({ code }));
  expect(underWay).toBeGreaterThan(0);
  const finished = await wide.start({}, { executor: other, logger: SILENT }).done;
  expect(finished.state).toBe("Success");
  finished.release();
  await cluster.quiet();
  expect(cluster.leftOver(false)).toEqual([]);
  cluster.stop();
});
