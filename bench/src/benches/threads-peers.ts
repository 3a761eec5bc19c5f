// Owns: the same calls that do nothing in the pools of threads that there are for Node, 2 threads each, a promise each.
import { alternate } from "../alternate.js";
import type { Bench } from "../bench.js";
import { median, rounded, spread } from "../stats.js";

const REPEATS = 7;
const options = { width: 50_000, threads: 2 };
const others = ["tinypool", "workerpool", "poolifier"];

export const bench: Bench = async () => {
  const sides = {
    ours: { side: "threads-submit", options },
    piscina: { side: "piscina-loop", options },
    ...Object.fromEntries(others.map((pool) => [pool, { side: "other-pools", options: { ...options, pool } }])),
  };
  const measured = await alternate(sides, REPEATS);
  const [ours, piscina] = [measured.of("ours"), measured.of("piscina")];
  const tableOf = (name: string) => ({
    tasksPerSecond: rounded(median(measured.of(name))),
    spread: spread(measured.of(name)),
    oursOver: rounded(median(ours) / median(measured.of(name))),
  });
  return {
    bench: "threads-peers",
    value: rounded(median(ours)),
    unit: "tasks/s",
    peer: "piscina run() in a loop, 2 threads",
    peerValue: rounded(median(piscina)),
    ratio: rounded(median(ours) / median(piscina)),
    extra: {
      spread: spread(ours),
      repeats: REPEATS,
      ...Object.fromEntries(["piscina", ...others].map((name) => [name, tableOf(name)])),
    },
  };
};
