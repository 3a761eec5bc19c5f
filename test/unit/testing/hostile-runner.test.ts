// The hostile runner breaks the rules that the suite of runners holds a runner to: on purpose, and within what a driver has to bear.
import { HOSTILE, runnerSuite } from "@millrace/testing";
import { SeededRandom, VirtualWorld } from "@millrace/testing/seam";
import { expect, test } from "vitest";
import { HostileRunner } from "../../../packages/testing/src/hostile/hostile-runner.js";

/** A case that does not end is broken as well: outcomes may come very late. */
const TURNS = 20_000;

async function isBroken(run: () => Promise<void>): Promise<boolean> {
  let isOver = false;
  const ended = run().then(
    () => false,
    () => true,
  );
  void ended.finally(() => {
    isOver = true;
  });
  for (let turn = 0; turn < TURNS && !isOver; turn++) await new Promise((resolve) => setImmediate(resolve));
  return isOver ? ended : true;
}

test("the hostile runner does not pass the suite of runners", async () => {
  const worlds: VirtualWorld[] = [];
  const cases = runnerSuite(() => {
    const random = new SeededRandom(7);
    const world = new VirtualWorld(
      random,
      () => undefined,
      () => undefined,
      () => undefined,
    );
    worlds.push(world);
    return { runner: new HostileRunner(random, world, HOSTILE), most: 16, clock: world };
  });
  const broken: string[] = [];
  for (const { name, run } of cases) if (await isBroken(run)) broken.push(name);
  for (const world of worlds) world.stop();
  expect(broken.length).toBeGreaterThan(0);
  expect(broken.length).toBeLessThan(cases.length);
});
