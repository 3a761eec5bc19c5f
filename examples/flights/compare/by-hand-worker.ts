// What runs in each thread of the loop that is written by hand.
import { parentPort } from "node:worker_threads";
import type { RowGroup } from "../flight-data.js";
import { tallyRange } from "./ranges.js";

parentPort?.on("message", (range: RowGroup) => {
  void tallyRange(range).then((tally) => parentPort?.postMessage(tally));
});
