import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ProgressLine } from "../../../packages/millrace/src/cli/progress-line.js";

const wipe = "\r\u001b[2K";
const counts = {
  Pending: 0,
  Running: 1,
  Retrying: 0,
  Looped: 0,
  Success: 0,
  Mapped: 0,
  Skipped: 0,
  Failed: 0,
  TriggerFailed: 0,
  Cancelled: 0,
};

/** A run that is asked for its counts only. `summaryMs`: how long it takes to say them. */
function runThatCounts(summaryMs: number): { readonly run: never; readonly asked: () => number } {
  let asked = 0;
  const summary = (): typeof counts => {
    asked++;
    vi.advanceTimersByTime(summaryMs);
    return { ...counts, Success: asked };
  };
  return { run: { summary, progress: () => [] } as never, asked: () => asked };
}

const { stdout, stderr } = process;
const real = { stdout: stdout.write, stderr: stderr.write, columns: stderr.columns };
let written: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  const write = (text: string): boolean => written.push(text) > 0;
  Object.assign(stdout, { write });
  Object.assign(stderr, { write, columns: 30 });
});
afterEach(() => {
  vi.useRealTimers();
  Object.assign(stdout, { write: real.stdout });
  Object.assign(stderr, { write: real.stderr, columns: real.columns });
});

it("is drawn ten times a second, no wider than the terminal, and wiped at the end", () => {
  const line = new ProgressLine("a flow with a long name", runThatCounts(0).run);
  vi.advanceTimersByTime(250);
  line.stop();
  vi.advanceTimersByTime(250);
  expect(written).toEqual([`${wipe}a flow with a long name: 1 do`, `${wipe}a flow with a long name: 2 do`, wipe]);
});

it("gives way to what user code prints, and is not drawn behind a line that is not ended", () => {
  const line = new ProgressLine("f", runThatCounts(0).run);
  vi.advanceTimersByTime(100);
  stdout.write("a whole line\n");
  vi.advanceTimersByTime(100);
  stderr.write("half a ");
  vi.advanceTimersByTime(100);
  stderr.write("line\n");
  vi.advanceTimersByTime(100);
  line.stop();
  const shown = written.map((text) => text.replace(wipe, "<").replace(/f: .*/, "f"));
  expect(shown).toEqual(["<f", "<", "a whole line\n", "<f", "<", "half a ", "line\n", "<f", "<"]);
});

it("leaves the streams as they were", () => {
  const before = [stdout.write, stderr.write];
  const line = new ProgressLine("f", runThatCounts(0).run);
  expect([stdout.write, stderr.write]).not.toEqual(before);
  line.stop();
  expect([stdout.write, stderr.write]).toEqual(before);
});

it("costs at most a twentieth of the time where counting takes long", () => {
  const { run, asked } = runThatCounts(50);
  const line = new ProgressLine("f", run);
  vi.advanceTimersByTime(10_000);
  line.stop();
  expect(asked()).toBeLessThanOrEqual(10);
});
