// What a worker does at which share of its memory.
import { type WorkerEffect, WorkerState } from "@millrace/distributed/seam";
import { expect, test } from "vitest";

/** What is told and asked for, share by share of a memory of 1,000 bytes. */
function climb(...shares: readonly number[]): readonly string[] {
  const state = new WorkerState({ slots: 1, memoryMax: 1_000 });
  return shares.map((share) => {
    const effects: WorkerEffect[] = [];
    state.handle({ kind: "memory", bytes: share * 10 }, 0, effects);
    const told = effects.flatMap((effect) =>
      effect.kind === "tellLevel" ? [effect.level] : effect.kind === "spill" ? [`spill ${effect.bytes}`] : [],
    );
    return told.join(" ");
  });
}

test("each step is left a tenth below it, and with it those below: nothing flaps at an edge [DIST-10]", () => {
  expect(climb(59, 60, 55, 51, 49)).toEqual(["", "spilling", "", "", "free"]);
  expect(climb(80, 75, 71, 69.9, 56, 49)).toEqual(["spill 200 paused", "", "", "spilling", "", "free"]);
});

test("what is too much is asked to go to disk once, down to the lower step, and more where more comes [DIST-10]", () => {
  expect(climb(72, 72, 74, 73, 65, 72).map((told) => told.replace("spilling", "").trim())).toEqual([
    "spill 120",
    "",
    "spill 20",
    "",
    "",
    "spill 120",
  ]);
});
