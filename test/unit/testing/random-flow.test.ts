// The random flows of the simulator: how many task runs they have, how they end, what they need.
import { AsyncExecutor } from "@millrace/core";
import type { GraphChunk, RunLink, RunRequest } from "@millrace/core/seam";
import { expect, test } from "vitest";
import { SILENT } from "../../../packages/testing/src/simulator/differences.js";
import { randomFlow } from "../../../packages/testing/src/simulator/random-flow.js";

/** It notes the labels that tasks need. */
class Noting extends AsyncExecutor {
  readonly labels = new Set<string>();

  override open(request: RunRequest): RunLink {
    const link = super.open(request);
    const extend = link.extend.bind(link);
    link.extend = (chunk: GraphChunk) => {
      for (let node = chunk.first; node < chunk.end; node++) {
        const spec = chunk.graph.spec(node);
        if (spec.kind === "task") for (const label of spec.needs?.labels ?? []) this.labels.add(label);
      }
      extend(chunk);
    };
    return link;
  }
}

test("random flows have from 20 to 200 task runs, some end as Failed, and some need a label", {
  timeout: 60_000,
}, async () => {
  const executor = new Noting({ concurrency: 64 });
  const sizes: number[] = [];
  const ends = new Set<string>();
  const run = async (seed: number): Promise<void> => {
    const { flow, slugs } = randomFlow(seed);
    const { state, states } = await flow.start({}, { executor, logger: SILENT }).done;
    sizes.push(slugs.reduce((sum, slug) => sum + 1 + (states.width(slug) ?? 0), 0));
    ends.add(state);
  };
  await Promise.all(Array.from({ length: 300 }, (_, i) => run(1_400_000 + i)));
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(20);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
  expect([...executor.labels]).toEqual(["disk"]);
  expect([...ends].sort()).toEqual(["Failed", "Success"]);
});
