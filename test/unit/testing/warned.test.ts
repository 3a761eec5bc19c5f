// What no worker could ever run is said at once, as a record of its task: to the run's logger, else on stderr.
import { flow, type FlowRun, type RunOptions, task } from "@millrace/core";
import { NO_FAULTS, SimulatedExecutor } from "@millrace/testing";
import { afterEach, expect, test, vi } from "vitest";
import { Gate } from "../../support/gate.js";

const train = task("train", { resources: { gpu: 2 } }, (x: number) => x);
const far = task("far", { labels: ["eu"] }, (x: number) => x);
const needy = flow("needy", () => [train(1), train(2), train.map([3, 4]), far(5)]);

afterEach(() => {
  vi.restoreAllMocks();
});

function started(options: RunOptions): { run: FlowRun<unknown>; executor: SimulatedExecutor } {
  const executor = new SimulatedExecutor(3, { workers: 2, faults: NO_FAULTS, resources: { gpu: 1 } });
  const run = needy.start({}, { executor, ...options });
  return { run, executor };
}

test("the run's logger is told once for each kind of needs, with what lacks", async () => {
  const told: (readonly [string, object | undefined])[] = [];
  const both = new Gate();
  const warn = (message: string, data?: object): void => {
    told.push([message, data]);
    if (told.length === 2) both.open();
  };
  const silent = (): void => undefined;
  const logger = { debug: silent, info: silent, warn, error: silent };
  const { run, executor } = started({ logger });
  await both.opened;
  await executor.quiet();
  expect(told.map(([message]) => message).sort()).toEqual([
    "needs gpu=2, and no worker has it: start a worker with --resources gpu=2",
    "needs the label eu, and no worker has it: start a worker with the label eu",
  ]);
  expect(told.find(([message]) => message.includes("gpu"))?.[1]).toMatchObject({ slug: "train-1", runName: run.name });
  run.cancel();
  expect((await run.done).state).toBe("Cancelled");
  await executor.close();
});

test("without a logger it is a line on stderr", async () => {
  const both = new Gate();
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((line) => {
    lines.push(String(line));
    if (lines.length === 2) both.open();
    return true;
  });
  const { run, executor } = started({});
  await both.opened;
  expect(lines.sort().map((line) => line.slice(13))).toContain(
    "warn  train-1: needs gpu=2, and no worker has it: start a worker with --resources gpu=2\n",
  );
  run.cancel();
  await run.done;
  await executor.close();
});
