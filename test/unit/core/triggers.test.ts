import { judge, STATE, Tally, type Trigger } from "@millrace/core/internal";
import { describe, expect, test } from "vitest";

const { Success, Failed, TriggerFailed, Skipped, Cancelled } = STATE;

function verdict(trigger: Trigger, states: readonly number[], edges = states.length): string {
  const tally = new Tally();
  tally.edges = edges;
  for (const state of states) tally.add(state);
  return judge(trigger, tally);
}

describe("triggers, row by row [TRIG-1]", () => {
  const ok = [Success, Success];
  const mixed = [Success, Failed];
  const bad = [Failed, TriggerFailed];
  const skips = [Skipped, Skipped];
  const rows: readonly [Trigger, string, string, string, string, string][] = [
    // trigger, all ok, mixed, all failed, all skipped, no upstream
    ["allSuccessful", "run", "fail", "fail", "run", "run"],
    ["allFailed", "fail", "fail", "run", "fail", "run"],
    ["anySuccessful", "run", "run", "fail", "run", "run"],
    ["anyFailed", "fail", "run", "run", "fail", "run"],
    ["allFinished", "run", "run", "run", "run", "run"],
    ["notAllSkipped", "run", "fail", "fail", "skip", "skip"],
    [{ someFailed: { atLeast: 1 } }, "fail", "run", "run", "fail", "run"],
    [{ someSuccessful: { atMost: 1 } }, "fail", "run", "run", "fail", "run"],
  ];
  for (const [trigger, ...expected] of rows) {
    test(`${typeof trigger === "string" ? trigger : JSON.stringify(trigger)}`, () => {
      expect([ok, mixed, bad, skips, []].map((states) => verdict(trigger, states))).toEqual(expected);
    });
  }
});

test("bounds below 1 are fractions, not rounded; 1 and above are counts [TRIG-2]", () => {
  const three = [Failed, Success, Success];
  expect(verdict({ someFailed: { atLeast: 0.33 } }, three)).toBe("run");
  expect(verdict({ someFailed: { atLeast: 0.34 } }, three)).toBe("fail");
  expect(verdict({ someFailed: { atLeast: 1, atMost: 1 } }, three)).toBe("run");
  expect(verdict({ someFailed: { atLeast: 2 } }, three)).toBe("fail");
  expect(verdict({ someSuccessful: { atMost: 0.5 } }, three)).toBe("fail");
});

test("an upstream mapped over nothing gives no states [TRIG-3]", () => {
  const names = ["allSuccessful", "allFailed", "anySuccessful", "anyFailed", "allFinished", "notAllSkipped"] as const;
  expect(names.map((trigger) => verdict(trigger, [], 1))).toEqual(["run", "run", "fail", "fail", "run", "skip"]);
  expect(verdict({ someFailed: { atLeast: 1 } }, [], 1)).toBe("fail");
});

test("a cancelled upstream is neither successful nor failed [STATE-3]", () => {
  expect(verdict("allSuccessful", [Success, Cancelled])).toBe("fail");
  expect(verdict("anyFailed", [Cancelled])).toBe("fail");
});
