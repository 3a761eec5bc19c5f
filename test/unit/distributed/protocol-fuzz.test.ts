// Frames that were cut short, made longer or changed: a ProtocolError, or a message of its kind; nothing else, and no memory
// for what is only said (reliability P1, P2, P4, P6). With the checksum made right again, so that the checks behind it are tried.
import {
  checksum,
  FROM_CLIENT,
  FROM_WORKER,
  HANDSHAKE,
  HEAD_BYTES,
  ProtocolError,
  readFrame,
  SESSION_BYTES_MAX,
  TO_WORKER,
  writeFrame,
} from "@millrace/distributed/seam";
import { flowRunId } from "@millrace/core/pure";
import { describe, expect, test } from "vitest";
import { type AnyMessage, ways } from "../../support/protocol-messages.js";
import { SeededRandom } from "@millrace/testing/seam";

const FRAMES = 2_000;

function seal(frame: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (frame.length < HEAD_BYTES) return frame;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  view.setUint32(16, frame.length - HEAD_BYTES, true);
  view.setUint32(20, checksum(view, HEAD_BYTES, frame.length, checksum(view, 0, 20, 0)), true);
  return frame;
}

/** Body bytes changed, cut, put in or doubled; `from`: the first that may be. */
function mutated(frame: Uint8Array<ArrayBuffer>, random: SeededRandom, from: number): Uint8Array<ArrayBuffer> {
  const changed = frame.slice();
  const at = Math.min(frame.length - 1, from + random.below(Math.max(1, frame.length - from)));
  switch (random.below(6)) {
    case 0:
      changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
      return changed;
    case 1:
      return changed.slice(0, at);
    case 2:
      for (let i = random.below(4); i >= 0; i--)
        changed[from + random.below(Math.max(1, frame.length - from))] = random.below(256);
      return changed;
    case 3: {
      const much = random.chance(0.5) ? [0xff, 0xff, 0xff, 0xff, 0x0f] : [random.below(256)];
      return Uint8Array.from([...changed.subarray(0, at), ...much, ...changed.subarray(at)]);
    }
    case 4:
      changed.copyWithin(at, from + random.below(Math.max(1, frame.length - from)));
      return changed;
    default:
      return Uint8Array.from([...changed, ...changed.subarray(at)]);
  }
}

function read(direction: (typeof ways)[number]["direction"], frame: Uint8Array<ArrayBuffer>): AnyMessage | undefined {
  try {
    return readFrame(direction, frame).message;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return undefined;
  }
}

describe.each(ways)("$direction.name", ({ direction, kinds, make }) => {
  test.each(kinds)(`${FRAMES} changed frames of %s`, (kind) => {
    const random = new SeededRandom(2_026);
    let passed = 0;
    const slowest = { ms: 0 };
    for (let i = 0; i < FRAMES; i++) {
      const message = make(kind, random);
      const frame = writeFrame(direction, message, 3, i);
      const changed = mutated(frame, random, 0);
      const isSame = changed.length === frame.length && changed.every((byte, at) => byte === frame[at]);
      const startedAt = performance.now();
      if (!isSame && changed.length <= frame.length) expect(read(direction, changed)).toBeUndefined();
      const back = read(direction, seal(mutated(frame, random, HEAD_BYTES)));
      slowest.ms = Math.max(slowest.ms, performance.now() - startedAt);
      if (back === undefined) continue;
      passed++;
      // What passed is a message of its kind: it can be written, and is read as the same again.
      const again = writeFrame(direction, back, 3, i);
      expect(writeFrame(direction, readFrame(direction, again).message, 3, i)).toEqual(again);
    }
    expect(passed).toBeLessThan(FRAMES);
    expect(slowest.ms).toBeLessThan(1_000);
  });
});

test("nothing but frames of a kind that comes this way is read, and its cap is looked at before its body comes", () => {
  const frame = writeFrame(FROM_WORKER, { kind: "leaving", reason: "" }, 1, 1);
  const codeOf = (bytes: Uint8Array): string => {
    try {
      readFrame(FROM_WORKER, bytes);
    } catch (error) {
      if (error instanceof ProtocolError) return error.code;
    }
    return "none";
  };
  const withByte = (at: number, value: number): Uint8Array => frame.with(at, value);
  expect(codeOf(new Uint8Array(0))).toBe("FRAME_TRUNCATED");
  expect(codeOf(frame.subarray(0, frame.length - 1))).toBe("FRAME_TRUNCATED");
  expect(codeOf(withByte(0, 0))).toBe("FRAME_MAGIC");
  expect(codeOf(withByte(1, 9))).toBe("FRAME_VERSION");
  expect(codeOf(withByte(2, 50))).toBe("FRAME_KIND");
  expect(codeOf(withByte(3, 1))).toBe("FRAME_KIND");
  expect(codeOf(withByte(5, 1))).toBe("FRAME_CHECKSUM");
  expect(codeOf(withByte(19, 255))).toBe("FRAME_TOO_LARGE");
  const hello = frame.slice();
  hello[2] = 1;
  new DataView(hello.buffer).setUint32(16, SESSION_BYTES_MAX + 1, true);
  expect(codeOf(hello)).toBe("FRAME_TOO_LARGE");
  expect(() => readFrame(HANDSHAKE, frame)).toThrow(expect.objectContaining({ code: "FRAME_KIND" }));
  expect(() => readFrame(TO_WORKER, frame)).toThrow(expect.objectContaining({ code: "FRAME_KIND" }));
});

const varint = (value: number): readonly number[] =>
  value < 0x80 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
const zeros = (count: number): readonly number[] => Array.from({ length: count }, () => 0);
const frameOf = (code: number, ...body: readonly number[]): Uint8Array<ArrayBuffer> =>
  seal(Uint8Array.from([0x4d, 1, code, 0, ...zeros(20), ...body]));
const RUN = [2, 114];

test.each<[string, Uint8Array<ArrayBuffer>]>([
  ["2 ** 32 ids in one run", frameOf(65, ...RUN, 1, 0, ...varint(2 ** 32), 0, 1)],
  ["2 ** 32 runs of ids", frameOf(65, ...RUN, ...varint(2 ** 32))],
  ["ids behind the last one", frameOf(65, ...RUN, 1, ...varint(2 ** 32), 5, 0, 1)],
  ["a text of 2 ** 40 characters", frameOf(72, ...varint(2 ** 41))],
  ["a list of 2 ** 31 ranges", frameOf(69, ...RUN, ...varint(2 ** 31))],
  ["a number of ten bytes", frameOf(71, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1)],
  ["a range that ends nowhere", frameOf(69, ...RUN, 1, 5, ...varint(2 ** 31), 1)],
  ["more behind the end", frameOf(72, 0, 0)],
])("it is refused, and no memory taken: %s", (_, frame) => {
  const before = process.memoryUsage();
  for (let i = 0; i < 200; i++) expect(() => readFrame(FROM_WORKER, frame)).toThrow(ProtocolError);
  const after = process.memoryUsage();
  expect(after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed).toBeLessThan(50_000_000);
});

test("a tree that is 100,000 deep, in bytes, is refused without a stack overflow; and one of a million empty lists", () => {
  const deep = frameOf(20, ...RUN, 1, ...zeros(100_000).map(() => 3), 1, 1, 0);
  expect(() => readFrame(FROM_CLIENT, deep)).toThrow("nested too deep");
  const body = [...RUN, 1, 10, ...varint(450_000)];
  const lists = Uint8Array.from({ length: 900_000 }, (_, i) => (i % 2 === 0 ? 10 : 0));
  const wide = seal(Uint8Array.from([...frameOf(20), ...body, ...lists, 0]));
  expect(readFrame(FROM_CLIENT, wide).message.kind).toBe("fetch");
});

test("names that are properties of objects are names", () => {
  const before = Object.getOwnPropertyNames(Object.prototype).length;
  const tree = {
    kind: "record",
    keys: ["__proto__", "constructor", "x".repeat(100_000)],
    items: [
      { kind: "slot", slot: 1 },
      { kind: "slot", slot: 2 },
      { kind: "slot", slot: 3 },
    ],
  } as const;
  const run = flowRunId("__proto__");
  const frame = writeFrame(FROM_CLIENT, { kind: "fetch", run, fetch: 1, tree, index: undefined }, 0, 0);
  expect(readFrame(FROM_CLIENT, frame).message).toEqual({ kind: "fetch", run, fetch: 1, tree, index: undefined });
  expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before);
});

test("an error says what and where, and nothing of what stood there", () => {
  const frame = writeFrame(FROM_WORKER, { kind: "leaving", reason: "my-secret" }, 1, 1);
  const cut = seal(frame.slice(0, frame.length - 2));
  expect(() => readFrame(FROM_WORKER, cut)).toThrow("leaving.reason: it ends too early");
  frame[30] = 1;
  expect(() => readFrame(FROM_WORKER, frame)).toThrow(/^a leaving was changed on its way$/);
});
