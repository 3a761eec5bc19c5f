// Owns: what a scheduler holds for each finished task run, as one side: nodes whose values are held, or children of a map
// whose values are gone.
import { nodeId, STATE } from "@millrace/core/internal";
import { heapBytes } from "../heap.js";
import { loneNodes, mapOverParameter } from "../noop-graphs.js";
import { ScheduledRun } from "../scheduled-run.js";
import { numberIn, type Prepare } from "../side.js";

function heldNodes(count: number): ScheduledRun {
  const run = new ScheduledRun(true);
  run.extend(loneNodes(count));
  run.finish();
  return run;
}

function releasedChildren(list: readonly number[]): ScheduledRun {
  const run = new ScheduledRun(false);
  run.put(0, list);
  run.extend(mapOverParameter());
  run.finish();
  return run;
}

/** All of them finished, and each state can still be read. */
function check(run: ScheduledRun, count: number, isMap: boolean): void {
  const { table } = run.scheduler;
  for (let i = 0; i < count; i++) {
    const row = isMap ? table.rowOf(nodeId(1), i) : table.rowOf(nodeId(i));
    if (row === undefined || table.state(row) !== STATE.Success) throw new Error(`task run ${i} has not finished`);
  }
  const gone = isMap ? count : 0;
  if (run.released !== gone) throw new Error(`${run.released} values were released, not ${gone}`);
}

/** Bytes for each task run; the graph counts, the list that is mapped over does not. */
export const prepare: Prepare = async (options) => {
  const count = numberIn(options, "count");
  const isMap = options["shape"] === "map";
  const list = Array.from({ length: isMap ? count : 0 }, (_, i) => i);
  // Once before: what is made once for all runs is no cost of a task.
  check(isMap ? releasedChildren(list.slice(0, 10)) : heldNodes(10), 10, isMap);
  return async () => {
    const before = heapBytes();
    const run = isMap ? releasedChildren(list) : heldNodes(count);
    const bytes = (heapBytes() - before) / count;
    check(run, count, isMap);
    return bytes;
  };
};
