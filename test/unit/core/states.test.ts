import { IllegalTransition, isLegal, PAGE_ROWS, SealedPage, STATE, StatePage } from "@millrace/core/internal";
import { expect, test } from "vitest";

test("the common paths are legal and an end is final [STATE-6]", () => {
  const paths = [
    ["Pending", "Running", "Success"],
    ["Pending", "Running", "Failed"],
    ["Pending", "Running", "Retrying", "Running", "Success"],
    ["Pending", "Running", "Looped", "Pending", "Running"],
    ["Pending", "TriggerFailed"],
    ["Pending", "Skipped"],
    ["Pending", "Mapped"],
    ["Running", "Skipped"],
    ["Retrying", "Cancelled"],
  ] as const;
  for (const path of paths) {
    for (let i = 1; i < path.length; i++) {
      const [from, to] = [path[i - 1] ?? "Pending", path[i] ?? "Pending"];
      expect(isLegal(STATE[from], STATE[to]), `${from} -> ${to}`).toBe(true);
    }
  }
  for (const end of ["Success", "Mapped", "Skipped", "Failed", "TriggerFailed", "Cancelled"] as const) {
    for (const to of Object.values(STATE)) expect(isLegal(STATE[end], to), `${end} -> ${to}`).toBe(false);
  }
});

test("an illegal transition tells its row, both states and the story", () => {
  const error = new IllegalTransition("fetch-1", STATE.Success, STATE.Running, ["Pending -> Running"]);
  expect(error.code).toBe("INTERNAL");
  expect(error.message).toContain("fetch-1 cannot go from Success to Running; its recent story: Pending -> Running");
});

test("a sealed page says the same, its times rounded", () => {
  const page = new StatePage(PAGE_ROWS, STATE.Pending);
  for (let i = 0; i < PAGE_ROWS; i++) {
    page.state[i] = i % 3 === 0 ? STATE.Failed : STATE.Success;
    if (i !== 7) page.started[i] = i * 2;
    page.duration[i] = i % 10;
  }
  const sealed = new SealedPage(page);
  for (let i = 0; i < PAGE_ROWS; i++) {
    expect(sealed.stateAt(i)).toBe(page.stateAt(i));
    if (i === 7) expect(sealed.startedAt(i)).toBeNaN();
    else expect(Math.abs(sealed.startedAt(i) - i * 2)).toBeLessThan(0.2);
    expect(Math.abs(sealed.durationMs(i) - (i % 10))).toBeLessThan(0.01);
  }
});

test("a page of one state and one time is sealed to numbers", () => {
  const page = new StatePage(3, STATE.Success);
  page.started.fill(5);
  page.duration.fill(1);
  const sealed = new SealedPage(page);
  expect([sealed.stateAt(2), sealed.startedAt(2), sealed.durationMs(2)]).toEqual([STATE.Success, 5, 1]);
});
