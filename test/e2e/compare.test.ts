import { spawn } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { repository } from "./millrace.js";

test("the demo compares sequence, threads and a loop by hand, and all three come to the same", {
  timeout: 300_000,
}, async () => {
  const args = ["run", "-s", "demo", "--", "--compare", "--rounds", "1"];
  const demo = spawn("npm", args, { cwd: repository, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void demo.kill("SIGKILL"));
  let out = "";
  demo.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  expect(await new Promise((resolve) => demo.once("close", resolve))).toBe(0);
  const [head, ...sides] = out.trim().split("\n");
  expect(head).toMatch(/^3,000,000 flights in \d+ ranges; the median of 1 rounds, all results equal$/);
  expect(sides.map((side) => side.replace(/ +\d+\.\d\d s +\d+\.\d\d x$/, ""))).toEqual([
    "sequential",
    "2 threads",
    "2 threads by hand",
  ]);
});
