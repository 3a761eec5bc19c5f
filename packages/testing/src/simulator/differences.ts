// Owns: what a run came to beside what the same flow comes to in sequence.

import type { FinishedRun } from "@millrace/core";
import { ExecutorOver, localParts } from "@millrace/core/seam";
import { SeededRandom } from "../seeded-random.js";
import { VirtualWorld } from "../virtual-world.js";
import type { RandomFlow } from "./random-flow.js";

export const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** As the executor of that name, but that a task which waits for its retry takes none of the real time. */
function inSequence(): ExecutorOver {
  const world = new VirtualWorld(
    new SeededRandom(0),
    () => undefined,
    () => undefined,
  );
  return new ExecutorOver("SequentialExecutor", localParts(1, world));
}

/** I2. */
export async function differences(
  { flow, slugs }: RandomFlow,
  got: FinishedRun<unknown>,
  withResults: boolean,
): Promise<readonly string[]> {
  const right = await flow.start({}, { executor: inSequence(), logger: SILENT }).done;
  const found: string[] = [];
  if (got.state !== right.state) found.push(`the flow is ${got.state}, and in sequence ${right.state}`);
  for (const slug of slugs) {
    const width = right.states.width(slug);
    if (got.states.width(slug) !== width)
      found.push(`${slug} has ${got.states.width(slug)} children, in sequence ${width}`);
    for (let index = width === undefined ? -1 : 0; index < (width ?? 0); index++) {
      const at = index < 0 ? undefined : index;
      const [state, rightState] = [got.states.get(slug, at), right.states.get(slug, at)];
      if (state !== rightState) found.push(`${slug} ${at ?? ""} is ${state}, and in sequence ${rightState}`);
      else if (withResults && state === "Success") {
        const [value, rightValue] = [await got.resultOf(slug, at), await right.resultOf(slug, at)];
        if (JSON.stringify(value) !== JSON.stringify(rightValue))
          found.push(
            `${slug} ${at ?? ""} gave ${JSON.stringify(value)}, and in sequence ${JSON.stringify(rightValue)}`,
          );
      }
    }
  }
  if (right.state === "Success" && JSON.stringify(got.value) !== JSON.stringify(right.value))
    found.push(`the flow gave ${JSON.stringify(got.value)}, and in sequence ${JSON.stringify(right.value)}`);
  return found;
}
