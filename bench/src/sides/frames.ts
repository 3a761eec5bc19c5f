// Owns: 100,000 works on their way to a worker and their outcomes on the way back, in frames of 2,048, written and read, as
// one side: as our frames, or as msgpackr's with one row a task.
import {
  type Direction,
  FROM_WORKER,
  FrameWriter,
  Opaque,
  OutcomesBuilder,
  readFrame,
  slugNumber,
  type Slab,
  SlabBuilder,
  TO_WORKER,
  WorksBuilder,
} from "@millrace/distributed/seam";
import {
  decodeValue,
  encodeValue,
  flowRunId,
  type OutcomeEnd,
  taskRunId,
  templateId,
  type Work,
} from "@millrace/core/pure";
import { Packr } from "msgpackr";
import type { Prepare } from "../side.js";

const COUNT = 100_000;
const FRAME = 2_048;
const RUN = flowRunId("2f1c8a7e-6f0e-4a55-9d7e-1c1f6f4d8a11");
const END: OutcomeEnd = { end: "value", value: { length: -1, truthy: true } };

/** What a task is, and how it ended; `given` and `result` are small numbers. */
type Task = {
  readonly id: number;
  readonly attempt: number;
  readonly given: number;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly result: number;
};

/**
 * What the last frame was made of and read as. A process at work has such objects at any time; where a full collection finds
 * none, V8 throws the compiled code away with their shapes, and each repeat would begin with compiling.
 */
const held = new Map<string, unknown>();

/** Ids skip a few now and then, and a few works are second attempts. */
function makeTasks(): readonly Task[] {
  let [id, at] = [0, 1_764_000_000_000];
  return Array.from({ length: COUNT }, (_, i) => {
    id += i % 500 === 0 ? 17 : 1;
    const durationMs = (5 + ((i * 7_919) % 60)) / 1_000;
    const task = { id, attempt: i % 5_000 === 0 ? 2 : 1, given: i, startedAtMs: at, durationMs, result: i * 2 };
    at += durationMs;
    return task;
  });
}

/** As the scheduler has it. */
const workOf = ({ id, attempt }: Task, value: unknown): Work => ({
  taskRun: taskRunId(id),
  attempt,
  index: -1,
  runCount: 1,
  loopCount: 1,
  loopValue: undefined,
  slug: id + 1,
  slots: [{ kind: "inline", value }],
  inputAttempts: undefined,
});

/** One frame there and one back: what came of it, and how many bytes it took. */
type Trip = (from: number, end: number) => readonly [sum: number, bytesThere: number, bytesBack: number];

/** One for each link, as in a process. */
function linkOf<M extends { readonly kind: string }>(
  direction: Direction<M>,
): { write(message: M, seq: number): Uint8Array } {
  const writer = new FrameWriter(direction);
  return {
    write: (message, seq) => {
      writer.add(message, 1, seq);
      return writer.take();
    },
  };
}

/** A scheduler and a worker have them so: in the slabs of frames and batches that came. */
function slabOf(values: readonly Opaque[]): Slab {
  const builder = new SlabBuilder();
  for (const value of values) builder.push(value);
  return builder.slab();
}

const opaque = (value: number): Opaque => new Opaque(encodeValue(value).bytes);

/** What a piece of a slab says. */
type Payload = (memory: Uint8Array, from: number, end: number) => number;

const bytesOf: Payload = (memory, from, end) => {
  let sum = 0;
  for (let at = from; at < end; at++) sum += memory[at] ?? 0;
  return sum;
};
const valueOf: Payload = (memory, from, end) => Number(decodeValue({ bytes: memory.slice(from, end), beside: [] }));

function sumOfWorks(bytes: Uint8Array, payload: Payload): number {
  const { message } = readFrame(TO_WORKER, bytes);
  held.set("works read", message);
  if (message.kind !== "works") throw new TypeError("no works came");
  const { parts } = message.works;
  const { ids, attempts, indices, runCounts, loopCounts, slots } = parts;
  const values = slots[0]?.values;
  if (values === undefined) throw new TypeError("no arguments came");
  let sum = 0;
  for (let i = 0; i < ids.length; i++) {
    sum += ids.at(i) + attempts.at(i) + indices.at(i) - 1 + runCounts.at(i) + loopCounts.at(i) + slugNumber(parts, i);
    const start = values.start(i);
    sum += payload(values.memory, start, start + values.lengths.at(i));
  }
  return sum;
}

function sumOfOutcomes(bytes: Uint8Array, payload: Payload): number {
  const { message } = readFrame(FROM_WORKER, bytes);
  held.set("outcomes read", message);
  if (message.kind !== "outcomes") throw new TypeError("no outcomes came");
  const { ids, attempts, times, metas, inline } = message.outcomes.parts;
  let sum = 0;
  for (let i = 0; i < ids.length; i++) {
    sum += ids.at(i) + attempts.at(i) + times.startedAtMs(i) + times.durationMs(i) + metas.at(i);
    const start = inline.start(i);
    sum += payload(inline.memory, start, start + inline.lengths.at(i));
  }
  return sum;
}

/** `encodes`: arguments and results are encoded and decoded here; else they are bytes before and behind. */
function ourTrip(tasks: readonly Task[], encodes: boolean): Trip {
  const [toWorker, fromWorker] = [linkOf(TO_WORKER), linkOf(FROM_WORKER)];
  const payload = encodes ? valueOf : bytesOf;
  const given = slabOf(tasks.map((task) => opaque(task.given)));
  const works = tasks.map((task, i) => workOf(task, encodes ? task.given : given.at(i)));
  const results = slabOf(tasks.map((task) => opaque(task.result)));
  const ends = tasks.map((_, i) => results.at(i));
  return (from, end) => {
    const worksBuilder = new WorksBuilder();
    held.set("works", worksBuilder);
    for (let i = from; i < end; i++) {
      const work = works[i];
      if (work !== undefined) worksBuilder.add(work);
    }
    const columns = worksBuilder.columns();
    held.set("works written", columns);
    const there = toWorker.write(
      { kind: "works", run: RUN, template: templateId(0), works: columns, holders: [] },
      from,
    );
    const sum = sumOfWorks(there, payload);
    const builder = new OutcomesBuilder();
    held.set("outcomes", builder);
    for (let i = from; i < end; i++) {
      const [task, value] = [tasks[i], ends[i]];
      if (task === undefined || value === undefined) continue;
      const { id, attempt, startedAtMs, durationMs, result } = task;
      builder.add(id, attempt, startedAtMs, durationMs, END, encodes ? opaque(result) : value);
    }
    const outcomes = builder.columns();
    held.set("outcomes written", outcomes);
    const back = fromWorker.write({ kind: "outcomes", run: RUN, outcomes }, from);
    return [sum + sumOfOutcomes(back, payload), there.length, back.length];
  };
}

type WorkRow = readonly [
  id: number,
  attempt: number,
  index: number,
  runs: number,
  loops: number,
  slug: number,
  given: unknown,
];
type OutcomeRow = readonly [
  id: number,
  attempt: number,
  startedAtMs: number,
  durationMs: number,
  length: number,
  truthy: boolean,
  result: unknown,
];

/** `bytes`: arguments and results as their encoded bytes, as in ours; else as msgpackr's own numbers, which it likes better. */
function theirTrip(tasks: readonly Task[], bytes: boolean): Trip {
  const packr = new Packr({ useRecords: false });
  const carried = (value: number): unknown => (bytes ? encodeValue(value).bytes : value);
  const works = tasks.map((task) => workOf(task, carried(task.given)));
  const results = tasks.map(({ result }) => carried(result));
  const payload = (value: unknown): number => {
    if (typeof value === "number") return value;
    let sum = 0;
    if (value instanceof Uint8Array) for (let at = 0; at < value.length; at++) sum += value[at] ?? 0;
    return sum;
  };
  const rowOf = ({ taskRun, attempt, index, runCount, loopCount, slug, slots }: Work): WorkRow => {
    const slot = slots?.[0];
    return [
      taskRun,
      attempt,
      index,
      runCount,
      loopCount,
      Number(slug),
      slot?.kind === "inline" ? slot.value : undefined,
    ];
  };
  return (from, end) => {
    const workRows: WorkRow[] = [];
    for (let i = from; i < end; i++) {
      const work = works[i];
      if (work !== undefined) workRows.push(rowOf(work));
    }
    const there = packr.pack(["works", 1, from, RUN, 0, workRows]);
    let sum = 0;
    held.set("works", workRows);
    const came: readonly [string, number, number, string, number, readonly WorkRow[]] = packr.unpack(there);
    for (const [id, attempt, index, runs, loops, slug, value] of came[5])
      sum += id + attempt + index + runs + loops + slug + payload(value);
    const outcomeRows: OutcomeRow[] = [];
    for (let i = from; i < end; i++) {
      const task = tasks[i];
      if (task !== undefined)
        outcomeRows.push([task.id, task.attempt, task.startedAtMs, task.durationMs, -1, true, results[i]]);
    }
    held.set("outcomes", outcomeRows);
    const back = packr.pack(["outcomes", 1, from, RUN, outcomeRows]);
    const cameBack: readonly [string, number, number, string, readonly OutcomeRow[]] = packr.unpack(back);
    for (const [id, attempt, startedAtMs, durationMs, length, truthy, value] of cameBack[4])
      sum += id + attempt + startedAtMs + durationMs + length + (truthy ? 1 : 0) + payload(value);
    return [sum, there.length, back.length];
  };
}

function tripOf(codec: string): Trip {
  const tasks = makeTasks();
  switch (codec) {
    case "ours":
      return ourTrip(tasks, false);
    case "ours, values too":
      return ourTrip(tasks, true);
    case "rows":
      return theirTrip(tasks, false);
    case "rows of bytes":
      return theirTrip(tasks, true);
    default:
      throw new TypeError(`there are no frames of ${codec}`);
  }
}

/** So many times in a repeat: what the collection before it threw away is made again once. */
const PASSES = 5;

/** Milliseconds for all frames; with `figure` "there" or "back" the bytes a task instead. */
export const prepare: Prepare = async ({ codec, figure }) => {
  const trip = tripOf(String(codec));
  return async () => {
    let [sum, there, back] = [0, 0, 0];
    const startedAt = performance.now();
    for (let pass = 0; pass < PASSES; pass++) {
      for (let from = 0; from < COUNT; from += FRAME) {
        const [each, bytesThere, bytesBack] = trip(from, Math.min(COUNT, from + FRAME));
        sum += each;
        there += bytesThere;
        back += bytesBack;
      }
    }
    const tookMs = performance.now() - startedAt;
    if (!(sum > 0)) throw new Error("nothing was read");
    if (figure === "there") return there / COUNT / PASSES;
    return figure === "back" ? back / COUNT / PASSES : tookMs / PASSES;
  };
};
