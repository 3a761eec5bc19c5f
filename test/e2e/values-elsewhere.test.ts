// The value table across a real thread and across a real process, there and back.
import { build } from "esbuild";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { transfer } from "@millrace/core";
import { decodeValue, type EncodedValue, encodeValue } from "@millrace/core/internal";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { difference } from "../support/same-value.js";
import type { EchoReply, EchoRequest } from "../support/value-echo.js";
import { makeValue, sharedMemory, valueTable } from "../support/value-table.js";

type Side = { ask(request: EchoRequest): Promise<EchoReply>; close(): Promise<unknown> };

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "millrace-values-"));
const echo = join(folder, "echo.mjs");

beforeAll(async () => {
  const core = join(root, "packages/executor-core/src");
  await build({
    entryPoints: [join(root, "test/support/value-echo.ts")],
    outfile: echo,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "silent",
    alias: { "@millrace/core/internal": join(core, "internal.ts"), "@millrace/core": join(core, "index.ts") },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function thread(): Side {
  const worker = new Worker(echo);
  return {
    ask: async (request) => {
      const moved = request.encoded.beside.filter((buffer) => buffer instanceof ArrayBuffer);
      worker.postMessage(request, moved);
      const [reply] = await once(worker, "message");
      return reply as EchoReply;
    },
    close: () => worker.terminate(),
  };
}

function childProcess(): Side {
  const child = fork(echo, { serialization: "advanced" });
  return {
    ask: async (request) => {
      child.send(request);
      const [reply] = await once(child, "message");
      return reply as EchoReply;
    },
    close: () => {
      const gone = once(child, "exit");
      child.disconnect();
      return gone;
    },
  };
}

const rows = valueTable.flatMap(({ rows: all }) =>
  all.filter(([, expected]) => expected === "same").map(([code]) => code),
);

async function thereAndBack(side: Side, code: string, shares: boolean): Promise<void> {
  const made = makeValue(code);
  const isMoved = code.includes("transfer(");
  const encoded: EncodedValue = encodeValue(made, { shares });
  const reply = await side.ask({ code, encoded, shares });
  expect(reply.problem).toBeUndefined();
  if (reply.encoded === undefined) return expect.fail("nothing came back");
  const back = decodeValue(reply.encoded, { takes: true });
  expect(difference(isMoved ? makeValue(code) : made, back, { sharesMemory: shares })).toBeUndefined();
}

describe.each([
  ["a thread", thread],
  ["a process", childProcess],
] as const)("across %s", (_, open) => {
  let side: Side;
  beforeAll(() => {
    side = open();
  });
  afterAll(() => side.close());

  test("every value that travels is the same there, and the same when it comes back", async () => {
    expect(rows.length).toBeGreaterThan(150);
    for (const code of rows) await thereAndBack(side, code, false);
  }, 60_000);
});

test("memory that is shared is one memory in both threads", async () => {
  const side = thread();
  try {
    for (const code of sharedMemory) await thereAndBack(side, code, true);
  } finally {
    await side.close();
  }
});

test("memory that is given up leaves its thread: no byte of it is copied", async () => {
  const side = thread();
  try {
    const pixels = new Uint8Array(1_000_000).fill(7);
    const code = "transfer(new Uint8Array(1_000_000).fill(7))";
    const reply = await side.ask({ code, encoded: encodeValue(transfer(pixels)), shares: false });
    expect(reply.problem).toBeUndefined();
    expect(pixels.byteLength).toBe(0);
  } finally {
    await side.close();
  }
});
