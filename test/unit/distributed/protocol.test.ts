// Every message there and back, ids and ranges that cost nothing, and what must not cost more.
import {
  ChangeColumns,
  checksum,
  columnsOfWorks,
  Column,
  FROM_CLIENT,
  ByteReader,
  ByteWriter,
  f64From,
  FROM_WORKER,
  type FromWorker,
  uintFrom,
  FrameWriter,
  frameLength,
  GraphBuilder,
  GraphColumns,
  IdRuns,
  Opaque,
  OutcomeColumns,
  OutcomesBuilder,
  ProtocolError,
  readFrame,
  readFrames,
  restamp,
  Slab,
  TO_CLIENT,
  TO_WORKER,
  TREE_DEPTH_MAX,
  WorkColumns,
  WorkNames,
  writeFrame,
} from "@millrace/distributed/seam";
import {
  decodeValue,
  encodeValue,
  flowRunId,
  type GraphTree,
  nodeId,
  OutcomeRange,
  type RunFacts,
  taskRunId,
  templateId,
  WorkRange,
  type WorkTemplate,
} from "@millrace/core/pure";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ways } from "../../support/protocol-messages.js";
import { SeededRandom } from "@millrace/testing/seam";

/** Columns as what stands in them: how they stand there may differ. */
function plain(value: unknown): unknown {
  if (value instanceof Opaque) return { opaque: [...value.bytes] };
  if (value instanceof Uint8Array) return { bytes: [...value] };
  if (value instanceof IdRuns) return [...value];
  if (value instanceof WorkNames)
    return Array.from({ length: value.length }, (_, i) => [value.ids.at(i), value.attempts.at(i)]);
  if (value instanceof Slab) return Array.from({ length: value.length }, (_, i) => plain(value.at(i)));
  if (value instanceof GraphColumns) return { first: value.first, nodes: plain([...value.nodes()]) };
  if (value instanceof ChangeColumns) return Array.from({ length: value.length }, (_, i) => value.at(i));
  if (value instanceof WorkColumns)
    return Array.from({ length: value.length }, (_, i) => {
      const { taskRun, attempt, index, runCount, loopCount, loopValue, slug, slots, inputAttempts } = value.at(i);
      return plain({ taskRun, attempt, index, runCount, loopCount, loopValue, slug, slots, inputAttempts });
    });
  if (value instanceof OutcomeColumns)
    return Array.from({ length: value.length }, (_, i) =>
      plain({ ...value.at(i), size: value.sizeAt(i), inline: value.inlineAt(i) }),
    );
  if (value instanceof Map) return { map: [...value].map(plain) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

describe.each(ways)("$direction.name", ({ direction, kinds, make }) => {
  test("every kind can be made", () => {
    expect(kinds.toSorted()).toEqual([...direction.byKind.keys()].toSorted());
    expect(direction.byCode.size).toBe(direction.byKind.size);
  });

  test.each(kinds)("%s there and back", (kind) => {
    for (let seed = 0; seed < 60; seed++) {
      const message = make(kind, new SeededRandom(seed));
      const [epoch, seq] = [seed * 7_001, seed * 2 ** 45 + 3];
      const bytes = writeFrame(direction, message, epoch, seq);
      const frame = readFrame(direction, bytes);
      expect(frame).toMatchObject({ epoch, seq, end: bytes.length });
      expect(plain(frame.message)).toEqual(plain(message));
      expect(writeFrame(direction, frame.message, epoch, seq)).toEqual(bytes);
    }
  });
});

test("a code means one kind only, wherever it comes", () => {
  const names = new Map<number, Set<string>>();
  for (const { direction } of ways)
    for (const [code, { kind }] of direction.byCode) names.set(code, (names.get(code) ?? new Set()).add(kind));
  expect([...names].filter(([, kinds]) => kinds.size > 1)).toEqual([]);
});

test("columns of any numbers come back", () => {
  const numbers = fc.oneof(fc.nat(3), fc.nat(300), fc.nat(2 ** 17), fc.nat({ max: 2 ** 32 - 1 }), fc.maxSafeNat());
  fc.assert(
    fc.property(fc.array(numbers), (values) => {
      const column = Column.of(values);
      expect(values.map((_, i) => column.at(i))).toEqual(values);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.nat(100)), (ids) => {
      const runs = IdRuns.of(ids);
      expect([...runs]).toEqual(ids);
      const back = ids.map((_, i) => runs.at(ids.length - 1 - i));
      expect(back).toEqual(ids.toReversed());
    }),
  );
});

const run = flowRunId("r");
const fn = (): number => 1;
const template: WorkTemplate = {
  id: templateId(3),
  name: "t",
  tags: [],
  slugPrefix: "t",
  args: [],
  retry: { retries: 0, delayMs: 0 },
  timeoutMs: undefined,
  rerun: "never",
  fn,
  made: { name: "t", origin: { trace: {}, bodies: [] } },
};
const facts: RunFacts = { id: run, flow: "f", name: "n", parameters: {} };

test.each(["mine", 4])("100,000 children of a map are tens of bytes, and a range again: slug %s", (slug) => {
  const range = new WorkRange(facts, template, taskRunId(2 ** 30), 0, slug, 100_000);
  const bytes = writeFrame(
    TO_WORKER,
    { kind: "works", run, template: template.id, works: columnsOfWorks(range), holders: [] },
    1,
    1,
  );
  expect(bytes.length).toBeLessThan(80);
  const { message } = readFrame(TO_WORKER, bytes);
  if (message.kind !== "works") return expect.fail(message.kind);
  expect(message.works.bind(facts, template)).toEqual(range);
});

test("outcomes of a map's children stay a range, and their times add up", () => {
  const builder = new OutcomesBuilder();
  let at = 1_764_000_000_000.123;
  const starts: number[] = [];
  for (let i = 0; i < 5_000; i++) {
    starts.push(at);
    const duration = 0.013_4 + (i % 7) * 0.001_7;
    builder.add(2 ** 30 + i, 1, at, duration, { end: "value", value: { length: -1, truthy: true } }, 4);
    at += duration;
  }
  const bytes = writeFrame(FROM_WORKER, { kind: "outcomes", run, outcomes: builder.columns() }, 1, 1);
  expect(bytes.length).toBeLessThan(5_100);
  const { message } = readFrame(FROM_WORKER, bytes);
  if (message.kind !== "outcomes") return expect.fail(message.kind);
  const batch = message.outcomes.bind(run);
  expect(batch).toBeInstanceOf(OutcomeRange);
  for (const i of [0, 1, 2_500, 4_999]) {
    expect(Math.abs(batch.at(i).startedAtMs - (starts[i] ?? 0))).toBeLessThan(0.002);
    expect(batch.at(i)).toMatchObject({ taskRun: 2 ** 30 + i, attempt: 1, result: { end: "value" } });
  }
});

test("values that stand in a tree are encoded on the way, and what is no value is not read", () => {
  const tree: GraphTree = {
    kind: "list",
    items: [
      { kind: "inline", value: { a: [1, undefined] } },
      { kind: "inline", value: new Opaque(Uint8Array.of(255, 255)) },
    ],
  };
  const bytes = writeFrame(FROM_CLIENT, { kind: "fetch", run, fetch: 1, tree, index: undefined }, 0, 0);
  const { message } = readFrame(FROM_CLIENT, bytes);
  if (message.kind !== "fetch" || message.tree.kind !== "list") return expect.fail(message.kind);
  const values = message.tree.items.map((item) => (item.kind === "inline" ? item.value : undefined));
  const [first, second] = values;
  if (!(first instanceof Opaque) || !(second instanceof Opaque)) return expect.fail("they are not opaque");
  expect(decodeValue({ bytes: Uint8Array.from(first.bytes), beside: [] })).toEqual({ a: [1, undefined] });
  expect([...second.bytes]).toEqual([255, 255]);
});

test("frames come one after the other, are found without their end, and are sent again under another epoch", () => {
  const writer = new FrameWriter(TO_CLIENT);
  writer.add({ kind: "credit", run, nodes: 5 }, 1, 10);
  writer.add({ kind: "idle", run }, 1, 11);
  const bytes = writer.take();
  expect(writer.byteLength).toBe(0);
  expect([...readFrames(TO_CLIENT, bytes)].map(({ seq, message }) => [seq, message.kind])).toEqual([
    [10, "credit"],
    [11, "idle"],
  ]);
  const first = frameLength(TO_CLIENT, bytes.subarray(0, 24));
  expect(first).toBe(readFrame(TO_CLIENT, bytes).end);
  expect(frameLength(TO_CLIENT, bytes.subarray(0, 23))).toBeUndefined();
  const again = bytes.slice(0, first);
  restamp(again, 9);
  expect(readFrame(TO_CLIENT, again)).toMatchObject({ epoch: 9, seq: 10, message: { kind: "credit", nodes: 5 } });
});

test("a tree as deep as it may be travels; a deeper one, and a text that is too long, are refused before they are sent", () => {
  const nested = (depth: number): GraphTree => {
    let tree: GraphTree = { kind: "ref", ref: nodeId(1) };
    for (let i = 0; i < depth; i++) tree = { kind: "element", of: tree };
    return tree;
  };
  const send = (tree: GraphTree): Uint8Array<ArrayBuffer> =>
    writeFrame(FROM_CLIENT, { kind: "fetch", run, fetch: 1, tree, index: undefined }, 0, 0);
  expect(readFrame(FROM_CLIENT, send(nested(TREE_DEPTH_MAX))).message.kind).toBe("fetch");
  expect(() => send(nested(100_000))).toThrow(expect.objectContaining({ code: "FRAME_TOO_LARGE" }));
  const name = flowRunId("x".repeat(2 ** 20));
  const writer = new FrameWriter(FROM_CLIENT);
  expect(() => writer.add({ kind: "closeRun", run: name }, 0, 0)).toThrow(ProtocolError);
  expect(writer.byteLength).toBe(0);
});

test("a large value cannot ride inline, and is told to be put", () => {
  const nodes = new GraphBuilder(0);
  const args: readonly GraphTree[] = [{ kind: "inline", value: new Uint8Array(100_000) }];
  expect(encodeValue(new Uint8Array(100_000)).beside).toHaveLength(1);
  expect(() => nodes.add({ spec: 0, args, edges: [], slug: undefined })).toThrow("put it");
});

test("the checksum finds every flipped bit and every two swapped words", () => {
  const bytes = Uint8Array.from({ length: 203 }, (_, i) => (i * 31) ^ (i >> 3));
  const view = new DataView(bytes.buffer);
  const sum = checksum(view, 3, 203, 5);
  for (let bit = 24; bit < 203 * 8; bit++) {
    const at = bit >> 3;
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
    expect(checksum(view, 3, 203, 5)).not.toBe(sum);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
  }
  for (let at = 3; at + 8 <= 203; at += 4) {
    const [a, b] = [view.getInt32(at), view.getInt32(at + 4)];
    view.setInt32(at, b);
    view.setInt32(at + 4, a);
    if (a !== b) expect(checksum(view, 3, 203, 5)).not.toBe(sum);
    view.setInt32(at, a);
    view.setInt32(at + 4, b);
  }
  expect(checksum(view, 3, 203, 5)).toBe(sum);
});

const joined = { kind: "joined", address: "a", slots: 1, resources: {}, labels: [], memoryMax: 1 } as const;
const wrongFacts: Record<string, FromWorker> = {
  "a resource that is less than nothing": { ...joined, resources: { gpu: -1 } },
  "a resource that is no number": { ...joined, resources: { gpu: Number.NaN } },
  "a resource without end": { ...joined, resources: { gpu: Number.POSITIVE_INFINITY } },
  "no slots": { ...joined, slots: 0 },
  "more slots than a machine has": { ...joined, slots: 2 ** 40 },
  "a transfer that took no time that there is": { kind: "valuesAdded", run, values: [], bytes: 1, tookMs: Number.NaN },
};

test.each(Object.entries(wrongFacts))("%s is not sent: it would be refused, and sent again for ever", (_, message) => {
  expect(() => writeFrame(FROM_WORKER, message, 1, 1)).toThrow(expect.objectContaining({ code: "FRAME_INVALID" }));
});

test("numbers out of their bounds, and what is none, are refused when they are read", () => {
  const written = (write: (out: ByteWriter) => void): ByteReader => {
    const out = new ByteWriter();
    write(out);
    return new ByteReader(out.bytes, 0, out.at, "test");
  };
  const invalid = expect.objectContaining({ code: "FRAME_INVALID" });
  for (const value of [-1, 10.5, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => f64From(0, 10).read(written((out) => out.f64(value)))).toThrow(invalid);
  for (const value of [0, 11]) expect(() => uintFrom(1, 10).read(written((out) => out.varint(value)))).toThrow(invalid);
  expect(f64From(0, 10).read(written((out) => out.f64(10)))).toBe(10);
  expect(uintFrom(1, 10).read(written((out) => out.varint(1)))).toBe(1);
});

const tooMany = { run, values: [{ first: 0, count: 2 ** 31 - 1, attempt: 1 }] };
test.each<FromWorker>([
  { kind: "valuesAdded", ...tooMany, bytes: 1, tookMs: 1 },
  { kind: "valuesDropped", ...tooMany },
])("$kind of more values than a worker can hold is refused", (message) => {
  const frame = writeFrame(FROM_WORKER, message, 1, 1);
  expect(() => readFrame(FROM_WORKER, frame)).toThrow(expect.objectContaining({ code: "FRAME_INVALID" }));
});
