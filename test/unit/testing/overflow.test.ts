// A session that is lost by what it is sent, in the middle of that: of workers by chance, of a client on purpose.
import { flow, task } from "@millrace/core";
import { NO_FAULTS, SimulatedCluster } from "@millrace/testing";
import { expect, test } from "vitest";
import { SILENT } from "../../../packages/testing/src/simulator/differences.js";

const inc = task("inc", (x: number) => x + 1);
const wide = flow("wide", () => inc.map(inc.map([...Array(40).keys()])));
const right = Array.from({ length: 40 }, (_, i) => i + 2);

test("workers whose sessions are too full are lost and come back, and a run has its results", async () => {
  const cluster = new SimulatedCluster(3, { workers: 3, faults: { ...NO_FAULTS, overflow: 0.2, most: 10 } });
  const { value } = await wide.start({}, { executor: cluster.client(), logger: SILENT }).done;
  expect(value).toEqual(right);
  expect(cluster.happened.get("overflow")).toBeGreaterThan(2);
  await cluster.quiet();
  expect([...cluster.problems, ...cluster.strays()]).toEqual([]);
  cluster.stop();
});

test("a client whose session is too full loses its run, of which nothing is left, and has results of the next one", async () => {
  const cluster = new SimulatedCluster(4, { faults: NO_FAULTS });
  const executor = cluster.client();
  const run = wide.start({}, { executor, logger: SILENT });
  cluster.after(40, () => cluster.overflowClient(executor));
  await expect(run.done).rejects.toThrow(expect.objectContaining({ code: "SCHEDULER_LOST" }));
  const finished = await wide.start({}, { executor, logger: SILENT }).done;
  expect(finished.value).toEqual(right);
  finished.release();
  await cluster.quiet();
  expect(cluster.leftOver(false)).toEqual([]);
  cluster.stop();
});
