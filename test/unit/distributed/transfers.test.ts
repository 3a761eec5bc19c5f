// Values on their way to a worker: one transfer a value, few requests at a time, another holder where one has nothing or is silent.
import { flowRunId } from "@millrace/core/seam";
import {
  nameKey,
  REQUEST_BYTES,
  REQUEST_MS,
  REQUESTS_MAX,
  Transfers,
  TRIES_MAX,
  type WorkerEffect,
} from "@millrace/distributed/seam";
import { expect, test } from "vitest";

const run = flowRunId("run");
const key = (taskRun: number): number => nameKey(taskRun, 1);
type Fetch = Extract<WorkerEffect, { kind: "fetch" }>;

class Fetching {
  readonly missing: number[] = [];
  readonly transfers = new Transfers<string>((_, { first }) => void this.missing.push(first));
  nowMs = 0;
  effects: WorkerEffect[] = [];

  want(taskRun: number, ...holders: number[]): void {
    this.transfers.want(run, key(taskRun), holders, "w");
  }

  /** What is asked of whom now. */
  start(): readonly (readonly [request: number, worker: number, taskRuns: readonly number[]])[] {
    this.effects = [];
    this.transfers.expire(this.nowMs, this.effects);
    this.transfers.start(this.nowMs, this.effects);
    const isFetch = (effect: WorkerEffect): effect is Fetch => effect.kind === "fetch";
    return this.effects
      .filter(isFetch)
      .map(({ request, worker, values }) => [request, worker, values.map(({ first }) => first)]);
  }

  after(ms: number): ReturnType<Fetching["start"]> {
    this.nowMs += ms;
    return this.start();
  }

  lacks(request: number, ...taskRuns: number[]): ReturnType<Fetching["start"]> {
    this.transfers.requestEnded(request, new Set(taskRuns.map(key)));
    return this.start();
  }
}

test("values of one peer are one request, and a value is asked for once however many want it", () => {
  const f = new Fetching();
  f.want(1, 7);
  f.want(2, 7);
  f.want(1, 7);
  f.want(3, 8);
  expect(f.start()).toEqual([
    [1, 7, [1, 2]],
    [2, 8, [3]],
  ]);
  f.want(1, 7);
  expect(f.start()).toEqual([]);
});

test("so many requests go at a time, and the others as those end", () => {
  const f = new Fetching();
  for (let i = 0; i < REQUESTS_MAX + 2; i++) f.want(i, i + 1);
  expect(f.start()).toHaveLength(REQUESTS_MAX);
  expect(f.start()).toEqual([]);
  f.transfers.arrived(run, key(0));
  expect(f.start()).toEqual([[REQUESTS_MAX + 1, REQUESTS_MAX + 1, [REQUESTS_MAX]]]);
});

test("a holder that has it not is asked no more, and a value that no holder has is missing", () => {
  const f = new Fetching();
  f.want(1, 7, 8);
  expect(f.start()).toEqual([[1, 7, [1]]]);
  expect(f.lacks(1, 1)).toEqual([[2, 8, [1]]]);
  expect(f.missing).toEqual([]);
  expect(f.lacks(2, 1)).toEqual([]);
  expect(f.missing).toEqual([1]);
});

test("a silent holder is asked so often, after the others, and then no more", () => {
  const f = new Fetching();
  f.want(1, 7, 8);
  const asked = [f.start()];
  for (let i = 1; i < 2 * TRIES_MAX; i++) asked.push(f.after(REQUEST_MS));
  expect(asked.map(([first]) => first?.[1])).toEqual(Array.from({ length: TRIES_MAX }, () => [7, 8]).flat());
  expect(f.effects).toContainEqual({ kind: "unfetch", request: 2 * TRIES_MAX - 1 });
  expect(f.missing).toEqual([]);
  expect(f.after(REQUEST_MS)).toEqual([]);
  expect(f.missing).toEqual([1]);
});

test("the store beside the scheduler is asked for ever: it never dies", () => {
  const f = new Fetching();
  f.want(1, 0);
  f.start();
  for (let i = 0; i < 5 * TRIES_MAX; i++) expect(f.after(REQUEST_MS)).toHaveLength(1);
  expect(f.missing).toEqual([]);
});

test("a value whose pieces go on coming takes as long as it takes", () => {
  const f = new Fetching();
  f.want(1, 7);
  f.start();
  for (let i = 0; i < 10; i++) {
    f.transfers.progress(1, REQUEST_BYTES, f.nowMs);
    expect(f.after(REQUEST_MS - 1)).toEqual([]);
  }
  expect(f.transfers.requests.size).toBe(1);
  expect(f.effects).toEqual([]);
  expect(f.after(1)).toEqual([[2, 7, [1]]]);
});

test("small values that go on coming keep their request", () => {
  const f = new Fetching();
  for (let i = 0; i < 10; i++) f.want(i, 7);
  f.start();
  for (let i = 0; i < 9; i++) {
    f.nowMs += REQUEST_MS - 1;
    f.transfers.tookMs(1, f.nowMs);
    f.transfers.arrived(run, key(i));
    expect(f.start()).toEqual([]);
  }
  expect(f.effects).toEqual([]);
});

test("a peer that gives less than a little at a time has failed", () => {
  const f = new Fetching();
  f.want(1, 7);
  f.start();
  for (let i = 0; i < 9; i++) {
    f.transfers.progress(1, 1, f.nowMs);
    expect(f.after(REQUEST_MS / 10)).toEqual([]);
  }
  expect(f.after(REQUEST_MS / 10)).toEqual([[2, 7, [1]]]);
});

test("what nobody wants any more is asked for no more, as soon as nothing of its request is wanted", () => {
  const f = new Fetching();
  f.want(1, 7);
  f.want(2, 7);
  f.start();
  f.transfers.unwant(run, key(1), "w", f.effects);
  expect(f.effects.filter(({ kind }) => kind === "unfetch")).toEqual([]);
  f.transfers.unwant(run, key(2), "w", f.effects);
  expect(f.effects).toContainEqual({ kind: "unfetch", request: 1 });
  expect(f.after(REQUEST_MS)).toEqual([]);
});

test("a peer that is gone is asked for nothing, also not for what comes from another one now", () => {
  const f = new Fetching();
  f.want(1, 7, 8);
  f.want(2, 8, 7);
  expect(f.start()).toEqual([
    [1, 7, [1]],
    [2, 8, [2]],
  ]);
  f.effects = [];
  f.transfers.peerGone(8, f.effects);
  expect(f.effects).toEqual([{ kind: "unfetch", request: 2 }]);
  expect(f.start()).toEqual([[3, 7, [2]]]);
  expect(f.lacks(1, 1)).toEqual([]);
  expect(f.missing).toEqual([1]);
});
