// Owns: buffers that are given up to two threads, one call each, as one side: ours, or piscina with a transferList.
import { openPool, transfer } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { Piscina } from "piscina";
import { numberIn, type Prepare } from "../side.js";
import { lengthOf } from "./thread-tasks.js";

type Send = (buffers: readonly Uint8Array<ArrayBuffer>[]) => Promise<readonly number[]>;

async function ours(threads: number): Promise<Send> {
  const executor = new ThreadPoolExecutor({ threads, keepAliveMs: 600_000 });
  const pool = await openPool(executor);
  return (buffers) => Promise.all(buffers.map((buffer) => pool.submit(lengthOf, transfer(buffer))));
}

function peer(threads: number): Send {
  const filename = new URL("./thread-tasks.js", import.meta.url).href;
  const pool = new Piscina({
    filename,
    name: "byteLengthOf",
    minThreads: threads,
    maxThreads: threads,
    atomics: "disabled",
  });
  return (buffers) => Promise.all(buffers.map((buffer) => pool.run(buffer, { transferList: [buffer.buffer] })));
}

/** Megabytes a second. */
export const prepare: Prepare = async (options) => {
  const [count, bytes, threads] = [
    numberIn(options, "count"),
    numberIn(options, "bytes"),
    numberIn(options, "threads"),
  ];
  const send = options["how"] === "ours" ? await ours(threads) : peer(threads);
  return async () => {
    const buffers = Array.from({ length: count }, () => new Uint8Array(bytes).fill(1));
    const startedAtMs = performance.now();
    const lengths = await send(buffers);
    const seconds = (performance.now() - startedAtMs) / 1000;
    if (!lengths.every((length) => length === bytes)) throw new Error("a buffer did not arrive as it was");
    if (!buffers.every(({ byteLength }) => byteLength === 0)) throw new Error("a buffer was copied");
    return (count * bytes) / 1e6 / seconds;
  };
};
