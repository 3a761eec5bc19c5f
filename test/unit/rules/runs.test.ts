// A run as a whole: what it gives, on which executor, and what decides its state.
import {
  AsyncExecutor,
  type Executor,
  flow,
  FlowCancelled,
  FlowFailed,
  referenceTasks,
  SequentialExecutor,
  settled,
  skip,
  task,
} from "@millrace/core";
import { expect, test } from "vitest";
import { Gate, turns } from "../../support/gate.js";

const one = task("one", () => 1);
const fails = task("fails", (): number => {
  throw new RangeError("broken");
});
const ignore = task("ignore", (_x: unknown) => "went on");

test("a run gives the function's value and the state of every task, reached or not [RUN-1]", async () => {
  const after = task("after", (x: number) => x);
  const build = flow("f", () => {
    ignore(settled(after(fails())));
    return { one: one() };
  });
  const run = await build.start().done;
  expect(run.state).toBe("Success");
  expect(run.value).toEqual({ one: 1 });
  const states = [...run.states.slugs()].map((slug) => [slug, run.states.get(slug)]);
  expect(states).toEqual([
    ["fails-1", "Failed"],
    ["after-1", "TriggerFailed"],
    ["ignore-1", "Success"],
    ["one-1", "Success"],
  ]);
});

test("done does not reject because a task failed; run and value do [RUN-1]", async () => {
  const build = flow("f", () => fails());
  const run = await build.start().done;
  expect(run.state).toBe("Failed");
  expect(() => run.value).toThrow(FlowFailed);
  await expect(build.run()).rejects.toThrow(/"fails-1" failed with RangeError: broken/);
});

/** Opens nothing, and tells that it was asked to. */
class Refusing extends SequentialExecutor {
  override open(): never {
    throw new Error(`opened ${this.label}`);
  }
  readonly label: string;

  constructor(label: string) {
    super();
    this.label = label;
  }
}

test("the executor is that of the run, else that of the flow, else one of 16 at a time [RUN-3] [LOCAL-1]", async () => {
  const own: Executor = new Refusing("the flow's");
  const named = flow("f", { executor: own }, () => one());
  expect(() => named.start()).toThrow("opened the flow's");
  expect(() => named.start({}, { executor: new Refusing("the run's") })).toThrow("opened the run's");
  const gate = new Gate();
  let most = 0;
  const wait = task("wait", (_x: number) => {
    most++;
    return gate.opened;
  });
  const run = flow("f", () => wait.map(Array.from({ length: 20 }, (_, i) => i))).start();
  await turns();
  expect(most).toBe(16);
  gate.open();
  expect((await run.done).state).toBe("Success");
});

test("two equal calls are two task runs; one that two tasks take runs once [EXEC-5]", async () => {
  let calls = 0;
  const count = task("count", (_x: string) => ++calls);
  const both = task("both", (a: number, b: number) => a + b);
  await flow("f", () => [count("a"), count("a")]).run();
  expect(calls).toBe(2);
  calls = 0;
  const build = flow("f", () => {
    const shared = count("a");
    return [both(shared, shared), both(shared, 1)];
  });
  expect(await build.run()).toEqual([2, 2]);
  expect(calls).toBe(1);
});

test("the terminal tasks and those whose refs are returned decide the state [FLOW-6] [RUN-4]", async () => {
  const handled = flow("f", () => {
    ignore(settled(fails()));
  });
  expect((await handled.start().done).state).toBe("Success");
  const returned = flow("f", () => {
    const bad = fails();
    ignore(settled(bad));
    return bad;
  });
  expect((await returned.start().done).state).toBe("Failed");
});

test("reference tasks that the function names decide instead [FLOW-6]", async () => {
  const spared = flow("f", () => {
    fails();
    referenceTasks(one());
  });
  expect((await spared.start().done).state).toBe("Success");
  const strict = flow("f", () => {
    const bad = fails();
    ignore(settled(bad));
    referenceTasks(bad);
  });
  expect((await strict.start().done).state).toBe("Failed");
});

test("a failed reference task outweighs others; skipped ones are a success [RUN-4]", async () => {
  const skips = task("skips", () => skip());
  const build = (bad: boolean) =>
    flow("f", () => {
      one();
      skips();
      if (bad) fails();
    });
  expect((await build(false).start().done).state).toBe("Success");
  expect((await build(true).start().done).state).toBe("Failed");
});

test("cancelled reference tasks make the run Cancelled, and value says why [RUN-4]", async () => {
  const gate = new Gate();
  const wait = task("wait", () => gate.opened);
  const run = flow("f", () => ignore(wait())).start();
  await turns();
  run.cancel("no more");
  gate.open();
  const finished = await run.done;
  expect(finished.state).toBe("Cancelled");
  expect(finished.states.get("ignore-1")).toBe("Cancelled");
  expect(() => finished.value).toThrow(FlowCancelled);
  expect(() => finished.value).toThrow(/no more/);
});

test("an edge that only orders delays, and passes no value [FLOW-4]", async () => {
  const order: string[] = [];
  const gate = new Gate();
  const first = task("first", async () => {
    await gate.opened;
    order.push("first");
  });
  const second = task("second", (...args: readonly unknown[]) => {
    order.push("second");
    return args.length;
  });
  const run = flow("f", () => second.with({ upstream: [first()] })()).start({}, { executor: new AsyncExecutor() });
  await turns();
  expect(order).toEqual([]);
  gate.open();
  expect((await run.done).value).toBe(0);
  expect(order).toEqual(["first", "second"]);
});
