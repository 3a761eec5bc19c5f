// The simulator as a command: seeds find nothing, and planted bugs are found.
import { execFile } from "node:child_process";
import { expect, test } from "vitest";

const script = new URL("../../scripts/run-simulate.mjs", import.meta.url).pathname;

const simulate = (...args: readonly string[]): Promise<{ readonly code: number; readonly lines: readonly string[] }> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [script, ...args], { timeout: 900_000 }, (_error, stdout) =>
      resolve({ code: child.exitCode ?? -1, lines: stdout.trimEnd().split("\n") }),
    );
  });

test("seeds of a simulated cluster find nothing, and do the same twice", { timeout: 1_000_000 }, async () => {
  const { code, lines } = await simulate("--seeds", "1000", "--from", "1", "--twice");
  expect(lines.at(-1)).toBe("1000 passed, 0 failed");
  expect(lines.filter((line) => line.startsWith("reached, though it cannot be"))).toEqual([]);
  expect(code).toBe(0);
});

test("planted bugs are caught within a few seeds", { timeout: 400_000 }, async () => {
  const { code, lines } = await simulate("--mutants", "waiter-forgotten", "release-too-early", "--seeds", "60");
  expect(lines.at(-1)).toBe("2 caught, 0 survived");
  expect(code).toBe(0);
});
