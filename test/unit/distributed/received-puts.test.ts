// A value on its way to the scheduler's store, from end to end: in pieces, over frames.
import { transfer } from "@millrace/core";
import { decodeValue, flowRunId, nodeId } from "@millrace/core/seam";
import { FROM_CLIENT, readFrame, writeFrame } from "@millrace/distributed/seam";
import { expect, test } from "vitest";
import { putMessages } from "../../../packages/executor-distributed/src/client/put-messages.js";
import { type EncodedPut, ReceivedPuts } from "../../../packages/executor-distributed/src/scheduler/received-puts.js";
import { difference } from "../../support/same-value.js";

const run = flowRunId("run");

function carried(value: unknown): { readonly got: EncodedPut; readonly bytes: number; readonly frames: number } {
  const puts = new ReceivedPuts();
  const got: EncodedPut[] = [];
  let [bytes, frames] = [0, 0];
  for (const message of putMessages(run, nodeId(0), value)) {
    const frame = writeFrame(FROM_CLIENT, message, 1, 1);
    bytes += frame.length;
    frames++;
    const read = readFrame(FROM_CLIENT, frame).message;
    const whole = read.kind === "put" ? puts.add(read) : undefined;
    if (whole !== undefined) got.push(whole);
  }
  const [only] = got;
  if (only === undefined || got.length > 1) throw new Error(`it came ${got.length} times`);
  return { got: only, bytes, frames };
}

test.each([
  ["small", { a: 1 }],
  ["of several pieces", "x".repeat(3_000_000)],
  ["with a large buffer", new Uint8Array(2_500_000).fill(7)],
  ["with two of them", [new Uint8Array(1_200_000).fill(1), new Uint8Array(1_200_000).fill(2)]],
])("a value that is %s comes as it was", (_, value) => {
  expect(difference(decodeValue(carried(value).got.encoded), value)).toBeUndefined();
});

test("empty buffers come, wherever they stand", () => {
  const empty = (): Uint8Array => transfer(new Uint8Array(0));
  const value = [empty(), new Uint8Array(70_000), empty(), empty(), new Uint8Array(70_000), empty()];
  const got: unknown = decodeValue(carried(value).got.encoded);
  expect(
    Array.isArray(got) ? got.map((part: unknown) => (part instanceof Uint8Array ? part.length : -1)) : got,
  ).toEqual([0, 70_000, 0, 0, 70_000, 0]);
});

test("what is said of a value with many buffers is no more than the value", () => {
  const value = Array.from({ length: 2_000 }, () => transfer(new Uint8Array(100)));
  const { bytes, frames } = carried(value);
  expect(bytes / frames).toBeLessThan(200);
});

test("the lengths of its parts come with a value's first piece, and are known from then on", () => {
  const puts = new ReceivedPuts();
  const piece = { kind: "put", run, node: nodeId(0), meta: { length: -1, truthy: true } } as const;
  const got = Array.from({ length: 3 }, (_, offset) =>
    puts.add({ ...piece, parts: offset === 0 ? [3] : [], offset, bytes: Uint8Array.of(offset) }),
  );
  expect(got.map((whole) => whole?.encoded.bytes)).toEqual([undefined, undefined, Uint8Array.of(0, 1, 2)]);
});
