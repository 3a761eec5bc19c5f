// Owns: reading recorded workflows (one JSON object a line, gzipped) and what their graphs say without durations.
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { UsageError } from "../bench.js";

export type TraceTask = {
  readonly parents: readonly number[];
  readonly children: number[];
  readonly ms: number;
  readonly bytes: number;
  /** By which durations are learned: its name without the number at its end. */
  readonly learned: string;
  /** Edges on the longest way to it. */
  depth: number;
};

export type Trace = { readonly name: string; readonly family: string; readonly tasks: readonly TraceTask[] };

type Line = {
  readonly trace: string;
  readonly family: string;
  readonly tasks: readonly (readonly [string, readonly number[], number, number])[];
};

export function readTraces(path: string): readonly Trace[] {
  if (!existsSync(path)) throw new UsageError(`no recorded workflows at ${path}: name their file with --traces FILE`);
  const text = gunzipSync(readFileSync(path)).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => traceOf(JSON.parse(line)));
}

function traceOf(line: Line): Trace {
  const tasks = line.tasks.map(
    ([name, parents, seconds, bytes]): TraceTask => ({
      parents,
      children: [],
      ms: seconds * 1000,
      bytes,
      learned: name.replace(/_?\d+$/, ""),
      depth: 0,
    }),
  );
  tasks.forEach((task, i) => {
    for (const parent of task.parents) tasks[parent]?.children.push(i);
  });
  for (const i of topological(tasks)) {
    const task = at(tasks, i);
    task.depth = Math.max(0, ...task.parents.map((parent) => at(tasks, parent).depth + 1));
  }
  return { name: line.trace, family: line.family, tasks };
}

export function at<T>(items: ArrayLike<T>, i: number): T {
  const item = items[i];
  if (item === undefined) throw new RangeError(`there is no item ${i}`);
  return item;
}

export function topological(tasks: readonly TraceTask[]): readonly number[] {
  const left = tasks.map(({ parents }) => parents.length);
  const order = tasks.flatMap((task, i) => (task.parents.length === 0 ? [i] : []));
  for (let next = 0; next < order.length; next++) {
    for (const child of at(tasks, at(order, next)).children) {
      left[child] = at(left, child) - 1;
      if (left[child] === 0) order.push(child);
    }
  }
  if (order.length < tasks.length) throw new RangeError("a recorded workflow has a cycle");
  return order;
}
