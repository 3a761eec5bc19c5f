import { describe, expect, it } from "vitest";
import { name, one, Placed } from "./placed.js";

const gpu = { resources: { gpu: 1 }, labels: [] };

describe("where a work goes", () => {
  it("goes to the least busy worker, and no further than one more than its slots [DIST-5] [DIST-6]", () => {
    const p = new Placed();
    p.join(1);
    p.join(2);
    p.arrive({ taskRun: 1 }, { taskRun: 2 }, { taskRun: 3 }, { taskRun: 4 }, { taskRun: 5 });
    expect(p.sent).toEqual({ 1: [1], 2: [2] });
    p.began(1, 1);
    expect(p.sent).toEqual({ 1: [3] });
  });

  it("goes to the worker that holds its input, with the holders [DIST-5]", () => {
    const p = new Placed();
    p.join(1);
    p.join(2);
    p.arrive({ taskRun: 1 }, { taskRun: 2 });
    p.ended(1, 1, 10);
    p.ended(2, 2, 50_000_000);
    p.arrive({ taskRun: 3, inputs: [one(1), one(2)] });
    expect(p.of("send")[0]).toMatchObject({
      worker: 2,
      works: [
        {
          inputs: [
            { attempt: 1, holders: [1, 1, 1] },
            { attempt: 1, holders: [2, 1, 2] },
          ],
        },
      ],
    });
  });

  it("moves bytes where that takes less than waiting does", () => {
    const p = new Placed();
    p.join(1);
    p.arrive({ taskRun: 1 });
    p.ended(1, 1, 1_000_000);
    p.arrive({ taskRun: 2 });
    p.began(1, 2);
    p.join(2);
    p.arrive({ taskRun: 3, inputs: [one(1)] });
    expect(p.sent).toEqual({ 2: [3] });
  });

  it("is given back with what is missing, and never sent without its inputs", () => {
    const p = new Placed();
    p.join(1);
    p.arrive({ taskRun: 3, inputs: [{ first: 4096, count: 3, attempt: 1 }] });
    expect(p.sent).toEqual({});
    expect(p.of("givenBack")).toEqual([
      { kind: "givenBack", work: name(3), missing: [{ first: 4096, count: 3, attempt: 1 }] },
    ]);
  });

  it("has a deep queue where works are tiny, and the demand for it", () => {
    const p = new Placed();
    p.join(1);
    p.arrive({ taskRun: 1 });
    p.ended(1, 1, 0, 0.01);
    const [demand] = p.of("demand");
    expect(demand?.limit).toBeGreaterThan(400);
    p.arrive(...Array.from({ length: 500 }, (_, i) => ({ taskRun: 10 + i })));
    expect(p.sent[1]?.length).toBeGreaterThan(350);
    expect(p.sent[1]?.length).toBeLessThan(450);
  });

  it("goes by priority, then as it came; runs of one priority share [DIST-7]", () => {
    const p = new Placed();
    p.handle({ kind: "runOpened", run: 1 });
    p.arrive({ taskRun: 1 }, { taskRun: 2 }, { taskRun: 3, priority: 1 }, { taskRun: 4 });
    p.handle({ kind: "worksArrived", run: 1, works: [{ taskRun: 1, attempt: 1, task: "t", inputs: [] }] });
    p.join(1, 5);
    expect(p.of("send")[0]?.works.map(({ run, work }) => [run, work.taskRun])).toEqual([
      [0, 3],
      [1, 1],
      [0, 1],
      [0, 2],
      [0, 4],
    ]);
  });
});

describe("needs", () => {
  it("never over-commits, and holds up nothing that needs less [DIST-8]", () => {
    const p = new Placed();
    p.join(1, 4, { gpu: 1 });
    p.arrive({ taskRun: 1, needs: gpu }, { taskRun: 2, needs: gpu }, { taskRun: 3 });
    expect(p.sent).toEqual({ 1: [1, 3] });
    expect(p.of("demand").at(-1)?.limit).toBe(4 + 1 + 1);
    expect(p.placement.explain(0, 2)).toMatchObject({
      code: "RESOURCES_IN_USE",
      uses: [{ resource: "gpu", worker: 1, amount: 1, works: [name(1)] }],
    });
    p.ended(1, 1);
    expect(p.sent).toEqual({ 1: [2] });
  });

  it.each(["ended", "given back", "cancelled", "lost"] as const)("come back when a work is %s [DIST-8]", (how) => {
    const p = new Placed();
    p.join(1, 2, { gpu: 0.3 });
    const needs = { resources: { gpu: 0.1 }, labels: [] };
    p.arrive({ taskRun: 1, needs }, { taskRun: 2, needs });
    if (how === "ended") p.ended(1, 1);
    if (how === "cancelled") p.handle({ kind: "worksCancelled", works: [name(1)] });
    if (how === "cancelled" || how === "given back") {
      const end = {
        ...name(1),
        end: how === "cancelled" ? "noValue" : "givenBack",
        valueBytes: 0,
        durationMs: 0,
      } as const;
      p.handle({ kind: "ended", worker: 1, epoch: 1, works: [end] });
    }
    if (how === "lost")
      p.handle({ kind: "workerJoined", worker: 1, epoch: 2, slots: 2, resources: { gpu: 0.1 }, labels: [] });
    p.arrive({ taskRun: 9, needs });
    expect(p.sent).toEqual({ 1: [9] });
  });

  describe("of what no worker could ever run it warns", () => {
    const needs = { resources: { tpu: 2, gpu: 1 }, labels: ["us"] };
    const lacking = { resources: { tpu: 2 }, labels: ["us"] };
    const withGpu = (): Placed => {
      const p = new Placed();
      p.join(1, 1, { gpu: 1 }, ["eu"]);
      return p;
    };

    it("at once, with what lacks, once for each needs and run", () => {
      const p = withGpu();
      p.arrive({ taskRun: 1, needs });
      expect(p.of("unsatisfiable")).toEqual([{ kind: "unsatisfiable", work: name(1), needs, lacking }]);
      p.arrive({ taskRun: 2, needs, priority: 7 });
      expect(p.of("unsatisfiable")).toEqual([]);
      p.arrive({ taskRun: 3, needs: { resources: {}, labels: ["us"] } });
      expect(p.of("unsatisfiable")).toHaveLength(1);
      p.handle({ kind: "runOpened", run: 1 });
      p.handle({ kind: "worksArrived", run: 1, works: [{ taskRun: 1, attempt: 1, task: "t", needs, inputs: [] }] });
      expect(p.of("unsatisfiable")).toMatchObject([{ work: { run: 1, taskRun: 1 } }]);
      expect(p.placement.explain(0, 1)).toEqual({ code: "NO_WORKER_EVER", needs, lacking });
    });

    it("anew when a worker came that could, and is gone", () => {
      const p = withGpu();
      p.arrive({ taskRun: 1, needs }, { taskRun: 2, needs });
      p.join(2, 1, { tpu: 2, gpu: 1 }, ["us"]);
      expect(p.sent).toEqual({ 2: [1] });
      expect(p.of("unsatisfiable")).toEqual([]);
      p.handle({ kind: "workerLost", worker: 2, epoch: 1 });
      expect(p.of("unsatisfiable")).toHaveLength(1);
      p.join(3);
      expect(p.of("unsatisfiable")).toEqual([]);
    });

    it("not before there is a worker at all, and of what only no single one has", () => {
      const p = new Placed();
      p.arrive({ taskRun: 1, needs });
      expect(p.of("unsatisfiable")).toEqual([]);
      p.join(1, 1, { tpu: 2 }, ["us"]);
      expect(p.of("unsatisfiable")).toMatchObject([{ lacking: { resources: { gpu: 1 }, labels: [] } }]);
      p.join(2, 1, { gpu: 1 }, []);
      p.arrive({ taskRun: 2, needs: { ...needs, labels: [] } });
      expect(p.of("unsatisfiable")).toMatchObject([{ lacking: { resources: {}, labels: [] } }]);
    });
  });
});

describe("taking back", () => {
  const busyAndIdle = (): Placed => {
    const p = new Placed();
    p.join(1);
    p.arrive({ taskRun: 1 }, { taskRun: 2 });
    p.began(1, 1);
    p.join(2);
    return p;
  };

  it("asks for what a busy worker has not begun, and lets it be sent again only when that is confirmed [DIST-9]", () => {
    const p = busyAndIdle();
    expect(p.of("takeBack")).toEqual([{ kind: "takeBack", worker: 1, works: [name(2)] }]);
    expect(p.placement.explain(0, 2)).toEqual({ code: "TAKEN_BACK", worker: 1 });
    p.takenBack(1, 2, true);
    p.arrive({ taskRun: 2, attempt: 2 });
    expect(p.sent).toEqual({ 2: [2] });
  });

  it("leaves what had begun meanwhile", () => {
    const p = busyAndIdle();
    p.takenBack(1, 2, false);
    expect(p.effects).toEqual([]);
    expect(p.placement.explain(0, 2)).toMatchObject({ code: "RUNNING", worker: 1 });
  });

  it("takes from another worker where the longest queue has only what is better off there", () => {
    const p = new Placed();
    p.join(1);
    p.arrive({ taskRun: 1, task: "long" });
    p.ended(1, 1, 1_000_000_000, 900);
    p.arrive({ taskRun: 2, task: "short" });
    p.ended(1, 2, 0, 100);
    p.arrive({ taskRun: 3 });
    p.began(1, 3);
    p.arrive({ taskRun: 4, task: "long", inputs: [one(1)] });
    expect(p.sent).toEqual({ 1: [4] });
    p.join(2);
    p.arrive({ taskRun: 5 });
    p.began(2, 5);
    p.arrive({ taskRun: 6, task: "short" });
    expect(p.sent).toEqual({ 2: [6] });
    p.join(3);
    expect(p.of("takeBack")).toEqual([{ kind: "takeBack", worker: 2, works: [name(6)] }]);
  });

  it("is wanted when it pays, at the latest some time after the other one is overdue", () => {
    const p = new Placed();
    p.join(1);
    p.arrive({ taskRun: 1 });
    p.ended(1, 1, 100_000_000);
    p.arrive({ taskRun: 2, task: "u" }, { taskRun: 3, inputs: [one(1)] });
    p.began(1, 2);
    p.join(2);
    expect(p.of("takeBack")).toEqual([]);
    const [wake] = p.of("wakeAt");
    p.nowMs = (wake?.atMs ?? 0) + 2000;
    p.handle({ kind: "woke" });
    expect(p.of("takeBack")).toHaveLength(1);
  });
});

describe("workers that leave", () => {
  it("blames only what had begun (W8), and tells what nobody holds any more", () => {
    const p = new Placed();
    p.join(1);
    p.arrive({ taskRun: 1 });
    p.ended(1, 1, 10);
    p.arrive({ taskRun: 2 }, { taskRun: 3 });
    p.began(1, 2);
    p.handle({ kind: "workerLost", worker: 1, epoch: 1 });
    expect(p.of("died")).toEqual([{ kind: "died", work: name(2), worker: 1 }]);
    expect(p.of("givenBack")).toEqual([{ kind: "givenBack", work: name(3), missing: [], mayHaveBegun: false }]);
    expect(p.of("valuesLost")).toEqual([{ kind: "valuesLost", run: 0, values: [one(1)] }]);
    expect(p.of("demand")).toEqual([{ kind: "demand", limit: 0 }]);
  });

  it("takes what is to run once for begun wherever it was sent, and sends it to no queue [RETRY-8]", () => {
    const p = new Placed();
    p.join(1, 2);
    p.arrive({ taskRun: 1, isOnce: true }, { taskRun: 2 }, { taskRun: 3, isOnce: true });
    expect(p.sent).toEqual({ 1: [1, 2] });
    p.handle({ kind: "workerLost", worker: 1, epoch: 1 });
    expect(p.of("died")).toEqual([{ kind: "died", work: name(1), worker: 1 }]);
    // That may have begun too: it was next.
    expect(p.of("givenBack")).toEqual([{ kind: "givenBack", work: name(2), missing: [], mayHaveBegun: true }]);
  });

  it("drops what an earlier session says (13)", () => {
    const p = new Placed();
    p.join(1);
    p.arrive({ taskRun: 1 });
    p.handle({ kind: "workerJoined", worker: 1, epoch: 2, slots: 1, resources: {}, labels: [] });
    p.ended(1, 1);
    expect(p.effects).toEqual([]);
  });

  it.each(["workerRetiring", "workerPaused"] as const)("%s: nothing new, what is not begun comes back", (kind) => {
    const p = new Placed();
    p.join(1);
    p.arrive({ taskRun: 1 }, { taskRun: 2 });
    p.began(1, 1);
    p.handle({ kind, worker: 1, epoch: 1 });
    expect(p.of("takeBack")).toEqual([{ kind: "takeBack", worker: 1, works: [name(2)] }]);
    p.takenBack(1, 2, true);
    p.arrive({ taskRun: 2, attempt: 2 });
    expect(p.sent).toEqual({});
    expect(p.placement.explain(0, 2).code).toBe(kind === "workerPaused" ? "WORKERS_PAUSED" : "WORKERS_RETIRING");
    p.ended(1, 1);
    expect(p.sent).toEqual({});
    if (kind === "workerPaused") p.handle({ kind: "workerResumed", worker: 1, epoch: 1 });
    expect(p.sent).toEqual(kind === "workerPaused" ? { 1: [2] } : {});
  });
});

describe("values", () => {
  it("are dropped at every holder, and at one whose copy comes too late", () => {
    const p = new Placed();
    p.join(1);
    p.join(2);
    p.arrive({ taskRun: 1 });
    p.ended(1, 1, 10);
    p.handle({ kind: "valuesAdded", worker: 2, epoch: 1, run: 0, values: [one(1)] });
    p.handle({ kind: "valuesReleased", run: 0, values: [one(1)] });
    expect(p.of("drop").map(({ worker }) => worker)).toEqual([1, 2]);
    p.handle({ kind: "valuesAdded", worker: 2, epoch: 1, run: 0, values: [one(1)] });
    expect(p.of("drop")).toEqual([{ kind: "drop", worker: 2, run: 0, values: [one(1)] }]);
  });

  it("that were put never die; a wide map's are weighed by pages", () => {
    const p = new Placed();
    p.join(1);
    p.join(2);
    for (let i = 0; i < 10; i++) p.handle({ kind: "put", run: 0, taskRun: i, bytes: 1 });
    p.arrive({ taskRun: 50, inputs: [{ first: 0, count: 10, attempt: 0 }] });
    expect(p.of("send")[0]?.works[0]?.inputs).toEqual([{ attempt: 0, holders: [0, 10, -1] }]);
  });

  it("of a wide map are weighed by pages, and one that is lost is missed by name", () => {
    const p = new Placed();
    const [base, width] = [2 ** 30, 5000];
    p.join(1, width);
    p.join(2);
    p.arrive(...Array.from({ length: width }, (_, i) => ({ taskRun: base + i })));
    const works = p.of("send").flatMap(({ worker, works: sent }) => sent.map(({ work }) => ({ worker, work })));
    for (const number of [1, 2]) {
      const of = works.filter(({ worker }) => worker === number).map(({ work }) => name(work.taskRun));
      const ends = of.map((work) => ({ ...work, end: "value", valueBytes: 1000, durationMs: 1 }) as const);
      p.handle({ kind: "ended", worker: number, epoch: 1, works: ends });
    }
    const all = { first: base, count: width, attempt: 1 };
    p.arrive({ taskRun: 1, inputs: [all] });
    const [send] = p.of("send");
    expect(send?.worker).toBe(1);
    const holders = send?.works[0]?.inputs[0]?.holders ?? [];
    expect(holders.filter((_, i) => i % 3 === 1).reduce((sum, count) => sum + count, 0)).toBe(width);
    p.handle({ kind: "valuesDropped", worker: 1, epoch: 1, run: 0, values: [one(base + 4500)] });
    expect(p.of("valuesLost")).toEqual([{ kind: "valuesLost", run: 0, values: [one(base + 4500)] }]);
    p.arrive({ taskRun: 2, inputs: [all] });
    expect(p.of("givenBack")).toEqual([{ kind: "givenBack", work: name(2), missing: [one(base + 4500)] }]);
  });

  it("leave nothing behind when a run closes (15)", () => {
    const p = new Placed();
    p.join(1);
    p.arrive({ taskRun: 1 });
    p.ended(1, 1, 10);
    p.arrive({ taskRun: 2 }, { taskRun: 3 });
    p.handle({ kind: "runClosed", run: 0 });
    expect(p.of("drop")).toEqual([{ kind: "drop", worker: 1, run: 0, values: [one(1)] }]);
    p.ended(1, 2, 10);
    expect(p.of("drop")).toHaveLength(1);
    expect(p.placement.state.runs.size).toBe(0);
    expect(p.placement.state.store.storedCount).toBe(0);
  });
});
