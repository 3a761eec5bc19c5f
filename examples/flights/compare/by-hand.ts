// The same as the flow, written by hand: a loop that gives each thread its next range as soon as it asks for one.
import { Worker } from "node:worker_threads";
import type { RowGroup } from "../flight-data.js";
import { combined, type Tally } from "../tally.js";

export type ByHand = { tally(ranges: readonly RowGroup[]): Promise<Tally>; close(): Promise<unknown> };

export function byHand(threads: number): ByHand {
  const workers = Array.from({ length: threads }, () => new Worker(new URL("./by-hand-worker.js", import.meta.url)));
  const tally = async (ranges: readonly RowGroup[]): Promise<Tally> => {
    const tallies: Tally[] = [];
    let next = 0;
    const feed = (worker: Worker): Promise<void> =>
      new Promise((resolve, reject) => {
        worker.once("error", reject);
        const ask = (): void => {
          const at = next++;
          const range = ranges[at];
          if (range === undefined) {
            worker.off("error", reject);
            return resolve();
          }
          worker.once("message", (part: Tally) => {
            tallies[at] = part;
            ask();
          });
          worker.postMessage(range);
        };
        ask();
      });
    await Promise.all(workers.map(feed));
    return combined(tallies);
  };
  return { tally, close: () => Promise.all(workers.map((worker) => worker.terminate())) };
}
