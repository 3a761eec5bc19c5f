// The executor over threads: what it shares, how it learns, how it is cancelled and closed.
import { context, flow, param, pick, settled } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { afterAll, describe, expect, test } from "vitest";
import { turns } from "../../support/gate.js";
import * as tasks from "./tasks.js";

const executor = new ThreadPoolExecutor({ threads: 2, graceMs: 50 });
afterAll(() => executor.close());
const once = { executor };
const begin = (): SharedArrayBuffer => new SharedArrayBuffer(4);
async function begun(...flags: readonly SharedArrayBuffer[]): Promise<void> {
  while (flags.some((flag) => Atomics.load(new Int32Array(flag), 0) === 0)) await turns(1);
}
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

test("what each thread does can be asked for at any moment", async () => {
  const own = new ThreadPoolExecutor({ threads: 2, graceMs: 50, spareThreads: 0 });
  expect(own.activity()).toEqual([]);
  const [a, b] = [begin(), begin()];
  const run = flow("busy", () => [tasks.spin(a), tasks.spinUntilAsked.map([b])] as const).start({}, { executor: own });
  await begun(a, b);
  const busy = own.activity().toSorted((one, other) => String(one.slug).localeCompare(String(other.slug)));
  expect(busy).toMatchObject([
    { slug: "spin-1", mapIndex: undefined, run: run.id, waiting: 0 },
    { slug: "spin-until-asked-1", mapIndex: 0, run: run.id, waiting: 0 },
  ]);
  expect(own.activity().map(({ thread }) => thread)).toEqual([1, 2]);
  run.cancel();
  await run.done;
  await own.close();
  expect(own.activity()).toEqual([]);
});

describe("runs", () => {
  test("maps, retries, loops, skips and context are what they are in one process [SIG-7]", async () => {
    const f = flow("f", { params: { n: param(6) } }, (p) => ({
      tried: tasks.sometimes.map(upTo(6)),
      loops: tasks.countsDown(3),
      even: settled(tasks.evenOnly(3)),
      seen: tasks.seesContext.with({ name: "renamed", slug: "mine" })(p.n),
    }));
    expect(await f.run({}, once)).toEqual({
      tried: upTo(6).map((x) => [x, 1 + (x % 3)]),
      loops: 4,
      even: { status: "skipped", state: "Skipped", raised: true, reason: "odd" },
      seen: {
        flowName: "f",
        taskName: "renamed",
        taskSlug: "mine",
        tags: ["t"],
        mapIndex: undefined,
        runCount: 1,
        n: 6,
      },
    });
  });

  test("an argument that cannot be read fails its task at once, as in one process: no retry can help", async () => {
    const again = { retries: 1, retryDelay: "1h" } as const;
    const f = flow("f", () => tasks.echo.with(again)(pick(tasks.nothing(), "part")));
    const run = await f.start({}, once).done;
    expect(run.states.failure("echo-1")?.message).toContain("cannot pick");
  });

  test("a hundred at a time share one set of threads [POOL-4] [RUN-11]", async () => {
    const f = flow("f", { params: { n: param(1) } }, (p) => [tasks.whichThread(p.n), tasks.double(p.n)] as const);
    // Without spares: one of them may stand in for a thread that starts again.
    const alone = new ThreadPoolExecutor({ threads: 2, spareThreads: 0 });
    const results = await Promise.all(upTo(100).map((n) => f.run({ n }, { executor: alone })));
    expect(results.map(([, doubled]) => doubled)).toEqual(upTo(100).map((n) => 2 * n));
    expect(new Set(results.map(([thread]) => thread)).size).toBeLessThanOrEqual(2);
    await alone.close();
  });

  test("two executors share no threads [POOL-4]", async () => {
    const other = new ThreadPoolExecutor({ threads: 1, spareThreads: 0 });
    const f = flow("f", () => tasks.whichThread.map(upTo(20)));
    const [mine, others] = await Promise.all([f.run({}, once), f.run({}, { executor: other })]);
    for (const thread of others) expect(mine).not.toContain(thread);
    await other.close();
  });

  test("two branches run at the same time [POOL-2]", async () => {
    const [a, b] = [begin(), begin()];
    const met = await flow("f", () => [tasks.meets(a, b), tasks.meets(b, a)] as const).run({}, once);
    for (const how of met) expect(["ok", "not-equal"]).toContain(how);
  });

  test("a run that a task starts is driven in its own thread", async () => {
    expect(await flow("f", () => tasks.sum(tasks.runsAFlow.map(upTo(6)))).run({}, once)).toBe(72);
  });

  test("a long task does not keep short ones of its batch from an idle thread", async () => {
    const f = flow("f", () => tasks.block.map([...upTo(300).map(() => 0), 300, ...upTo(20).map(() => 20)]));
    const run = await f.start({}, once).done;
    expect(run.state).toBe("Success");
  });

  test("values pass through: what a task returns is what the next one and the caller get", async () => {
    const value = { list: [1n, undefined, -0, Number.NaN], map: new Map([["a", new Set([new Date(5)])]]) };
    const f = flow("f", () => [tasks.echo(tasks.echo(value)), tasks.echo.map([value, null])] as const);
    expect(await f.run({}, once)).toEqual([value, [value, null]]);
  });
});

describe("memory", () => {
  test("a buffer that a task gives up moves, and a shared one stays where it is [POOL-5]", async () => {
    const shared = new SharedArrayBuffer(4);
    const f = flow("f", () => [
      tasks.measures(tasks.gives(1 << 20) as never),
      tasks.addTo.map(upTo(10).map(() => shared) as never, upTo(10)),
    ]);
    const [measured] = await f.run({}, once);
    expect(measured).toEqual([1 << 20, 3, 3]);
    expect(new Int32Array(shared)[0]).toBe(45);
  });
});

describe("cancel", () => {
  test("stops a task that never yields, and the threads go on [POOL-3]", async () => {
    const [a, b] = [begin(), begin()];
    const run = flow("f", () => [tasks.spin(a), tasks.spinUntilAsked(b), tasks.double.map(upTo(50))]).start({}, once);
    await begun(a, b);
    run.cancel("enough");
    const ended = await run.done;
    expect(ended.state).toBe("Cancelled");
    expect(ended.states.failure("spin-1")).toMatchObject({ code: "CANCELLED", message: "enough" });
    expect(await flow("g", () => tasks.double.map([1, 2])).run({}, once)).toEqual([2, 4]);
  });

  test("of a task that runs while others wait, twice: the last one still starts [T1]", async () => {
    const alone = new ThreadPoolExecutor({ threads: 1, graceMs: 20 });
    const [a, b] = [begin(), begin()];
    const spin = (flag: SharedArrayBuffer) =>
      flow("spin", () => {
        tasks.spin(flag);
      }).start({}, { executor: alone });
    const [first, second] = [spin(a), spin(b)];
    const last = flow("last", () => tasks.double(21)).run({}, { executor: alone });
    await begun(a);
    first.cancel();
    expect((await first.done).state).toBe("Cancelled");
    await begun(b);
    second.cancel();
    expect((await second.done).state).toBe("Cancelled");
    expect(await last).toBe(42);
    await alone.close();
  });

  test("a neighbour in another thread is untouched [T2]", async () => {
    const flag = begin();
    const run = flow("spin", () => {
      tasks.spin(flag);
    }).start({}, once);
    const neighbour = flow("pause", () => tasks.pause.with({ deaths: 1 })(200)).run({}, once);
    await begun(flag);
    run.cancel();
    await run.done;
    expect(await neighbour).toBe(200);
  });
});

describe("closing with works open settles each run once [T4]", () => {
  test.each(["cancel", "kill"] as const)("%s", async (mode) => {
    const closing = new ThreadPoolExecutor({ threads: 2, graceMs: 20 });
    const flag = begin();
    const runs = upTo(5).map(() =>
      flow("f", () => [tasks.spin(flag), tasks.double.map(upTo(10))]).start({}, { executor: closing }),
    );
    await begun(flag);
    await closing.close(mode);
    expect((await Promise.all(runs.map(({ done }) => done))).map(({ state }) => state)).toEqual(
      upTo(5).map(() => "Cancelled"),
    );
    expect(() => flow("g", () => tasks.double(1)).start({}, { executor: closing })).toThrow(
      expect.objectContaining({ code: "EXECUTOR_CLOSED" }),
    );
  });

  test("drain waits for them", async () => {
    const closing = new ThreadPoolExecutor({ threads: 2 });
    const result = flow("f", () => tasks.sum(tasks.pause.map([30, 20, 10]))).run({}, { executor: closing });
    await closing.close();
    expect(await result).toBe(60);
  });

  test("a thread that was killed just before leaves no other one behind", async () => {
    for (const _round of upTo(5)) {
      const closing = new ThreadPoolExecutor({ threads: 1, spareThreads: 0, graceMs: 0 });
      const flag = begin();
      const run = flow("spin", () => {
        tasks.spin(flag);
      }).start({}, { executor: closing });
      await begun(flag);
      run.cancel();
      await closing.close("cancel");
      expect((await run.done).state).toBe("Cancelled");
    }
    // What is left would show at the end of the file (test/setup.ts).
  });

  test("threads that had no run for a while end, and the next run has new ones", async () => {
    const short = new ThreadPoolExecutor({ threads: 1, spareThreads: 0, keepAliveMs: 0 });
    const f = flow("f", () => tasks.double(4));
    const ended = new Promise<void>((resolve) => process.once("worker", (thread) => thread.once("exit", resolve)));
    expect(await f.run({}, { executor: short })).toBe(8);
    await ended;
    expect(await f.run({}, { executor: short })).toBe(8);
    await short.close();
  });
});

describe("options", () => {
  test.each([
    [{ threads: 0 }, /threads must be a whole number from 1 on, not 0/],
    [{ threads: -1 }, /not -1/],
    [{ threads: Number.NaN }, /not NaN/],
    [{ threads: 1.5 }, /not 1.5/],
    [{ spareThreads: -1 }, /spareThreads must be/],
    [{ graceMs: Number.NaN }, /graceMs must be a number of milliseconds/],
    [{ keepAliveMs: -5 }, /keepAliveMs must be/],
    [{ resourceLimits: { maxOldGenerationSizeMb: 0 } }, /resourceLimits.maxOldGenerationSizeMb/],
    [{ resourceLimits: { maxOldGenerationSizeMb: 1 } }, /cannot start with less than 16/],
  ])("%j is refused", (options, message) => {
    expect(() => new ThreadPoolExecutor(options)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringMatching(message) }),
    );
  });

  test("one that there is not is named", () => {
    const options: object = { thread: 2 };
    expect(() => new ThreadPoolExecutor(options)).toThrow(/takes threads, .*, not thread/);
  });

  test("env replaces the environment of the process", async () => {
    const own = new ThreadPoolExecutor({ threads: 1, env: { GREETING: "hello" } });
    const f = flow("f", () => tasks.readEnv.map(["GREETING", "PATH"]));
    expect(await f.run({}, { executor: own })).toEqual(["hello", null]);
    await own.close();
  });

  test("threads that cannot start fail the run, and the process goes on", async () => {
    const lame = new ThreadPoolExecutor({ threads: 1, env: { NODE_OPTIONS: "--no-such-flag" } });
    const failed = flow("f", () => tasks.double(1)).run({}, { executor: lame });
    await expect(failed).rejects.toMatchObject({ code: "RUNNER_FAULT" });
    await lame.close("kill");
  });
});

test("a context in the test's own process is nobody's", () => {
  expect(context().taskName).toBe("");
});
