// Owns: tasks a second of flows of 100,000 tasks that do nothing, beside p-queue: what `sequential-100k` and `async-100k`
// have in common.
import { alternate, type Measured } from "./alternate.js";
import type { BenchResult, Figures } from "./bench.js";
import type { SideSpec } from "./side-client.js";
import { median, ratios, rounded, spread } from "./stats.js";

const COUNT = 100_000;
const REPEATS = 9;

export async function throughput(bench: string, concurrency: number): Promise<BenchResult> {
  const ours = (shape: string, withBuild = false): SideSpec => ({
    side: "noop-flow",
    options: { shape, count: COUNT, concurrency, runs: 1, withBuild },
  });
  const peer = (shape: string): SideSpec => ({ side: "noop-queue", options: { shape, count: COUNT, concurrency } });
  const sides = {
    ours: ours("nodes"),
    peer: peer("nodes"),
    map: ours("map"),
    sync: ours("sync"),
    peerSync: peer("sync"),
    withBuild: ours("nodes", true),
  };
  const measured = await alternate(sides, REPEATS);
  const [value, peerValue] = [median(measured.of("ours")), median(measured.of("peer"))];
  return {
    bench,
    value: rounded(value),
    unit: "tasks/s",
    peer: `p-queue, concurrency ${concurrency}`,
    peerValue: rounded(peerValue),
    ratio: rounded(value / peerValue),
    extra: {
      spread: spread(measured.of("ours")),
      peerSpread: spread(measured.of("peer")),
      ratioSpread: spread(ratios(measured.of("ours"), measured.of("peer"))),
      repeats: measured.of("ours").length,
      map: against(measured, "map", "peer"),
      sync: against(measured, "sync", "peerSync"),
      withBuild: against(measured, "withBuild", "peer"),
    },
  };
}

function against(measured: Measured, side: string, peer: string): Figures {
  const [own, other] = [median(measured.of(side)), median(measured.of(peer))];
  return { tasksPerSecond: rounded(own), peerTasksPerSecond: rounded(other), ratio: rounded(own / other) };
}
