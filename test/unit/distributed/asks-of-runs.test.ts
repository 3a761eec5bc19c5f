// Questions about values on a cluster: each run counts them by itself, and with a run its questions go.
import { type Ask, askId, flowRunId, type FlowRunId, taskRunId } from "@millrace/core/seam";
import type { ClusterRunner } from "@millrace/distributed/seam";
import { expect, test } from "vitest";
import { facts, runnerOver, type Sent, WORKER } from "./runner-over.js";

const other = flowRunId("other");

/** About a value of that run that was put. */
function ask(runner: ClusterRunner, run: FlowRunId, kind: "fetch" | "probe"): void {
  runner.put(run, 0, 1);
  const about = { run, id: askId(1), tree: { kind: "ref", ref: { taskRun: taskRunId(0), attempt: 0 } } } as const;
  const asked: Ask = kind === "fetch" ? { ...about, kind } : { ...about, kind, probe: {} };
  runner.ask([asked]);
}

test.each(["fetch", "probe"] as const)(
  "a %s of one run has an answer, and that of another with its number waits for its own",
  async (kind) => {
    const answered: string[] = [];
    const runner = await runnerOver([], {
      answers: (answers) => void answered.push(...answers.map(({ run, kind }) => `${run} ${kind}`)),
    });
    runner.workerJoined(0, 1, WORKER);
    ask(runner, facts.id, kind);
    ask(runner, other, kind);
    const id = askId(1);
    if (kind === "fetch") runner.answered([{ run: facts.id, id, kind: "fetched", value: 1 }]);
    else {
      const meta = { length: -1, truthy: true };
      runner.received(0, { kind: "answers", run: facts.id, answers: [{ kind: "probed", id, meta, equal: false }] });
    }
    expect(answered).toEqual([kind === "fetch" ? "run fetched" : "run probed"]);
    await runner.close("kill");
    expect(answered.slice(1)).toEqual(["other failed"]);
  },
);

test("a question of a run that was dropped is not asked again when its worker is lost, and makes no run anew", async () => {
  const sent: Sent[] = [];
  const runner = await runnerOver(sent);
  runner.workerJoined(0, 1, WORKER);
  runner.workerJoined(1, 2, WORKER);
  ask(runner, facts.id, "probe");
  const asked = sent.filter(({ message }) => message.kind === "ask");
  expect(asked).toHaveLength(1);
  runner.dropRun(facts.id);
  runner.workerLost(asked[0]?.to ?? 0);
  expect(sent.filter(({ message }) => message.kind === "ask")).toHaveLength(1);
  expect(runner.counts.runs).toBe(0);
});
