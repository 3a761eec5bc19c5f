// Owns: one seed of the simulator: a cluster, one or two clients with a flow each, faults, and what must hold all the same.
// I1. While anything goes wrong: the checks of every scheduler and of the placement after each event, and at the end of a run that
//     its events give the same states again.
// I2. When the network has healed every run ends, with the states and results of a run in sequence; a cancelled one as that.
// I3. When nothing can happen any more, each worker holds what the placement says that it holds, and nothing else.
// I4. What a run that was released had is gone.

import type { FinishedRun, FlowRun } from "@millrace/core";
import { ExecutorOver, localParts } from "@millrace/core/seam";
import { SeededRandom } from "../seeded-random.js";
import { VirtualWorld } from "../virtual-world.js";
import { FAULTS } from "./faults.js";
import { type RandomFlow, randomFlow } from "./random-flow.js";
import { SimulatedCluster } from "./simulated-cluster.js";

export type SeedReport = {
  readonly seed: number;
  /** Empty: everything held. */
  readonly problems: readonly string[];
  /** Events of schedulers that were checked, frames that came. */
  readonly events: number;
  readonly frames: number;
  readonly faults: ReadonlyMap<string, number>;
  /** Of all that happened: the same seed gives the same. */
  readonly trace: string;
};

/** So many milliseconds of the real time a seed may take: in virtual time it never stands still. */
const LIMIT_MS = 20_000;

type Client = { readonly flow: RandomFlow; readonly run: FlowRun<unknown>; isCancelled: boolean };

/** `onTrace`: each event, as a line. */
export async function simulateSeed(seed: number, onTrace?: (line: string) => void): Promise<SeedReport> {
  const random = new SeededRandom(seed + 1);
  const problems: string[] = [];
  let breakOff = (): void => undefined;
  const broken = new Promise<undefined>((resolve) => {
    breakOff = () => resolve(undefined);
  });
  const cluster = new SimulatedCluster(seed, {
    workers: 2 + random.below(5),
    slots: 1 + random.below(3),
    resources: { gpu: 3 },
    faults: { ...FAULTS, most: 5 + random.below(20) },
    onProblem: (problem) => {
      problems.push(problem);
      breakOff();
    },
    onTrace,
  });
  const keepResults = random.chance(0.5) ? "all" : "returned";
  const clients = Array.from({ length: 1 + random.below(2) }, (_, i): Client => {
    const made = randomFlow(seed * 2 + i);
    const client: Client = {
      flow: made,
      run: made.flow.start({}, { executor: cluster.client(), keepResults }),
      isCancelled: false,
    };
    if (random.chance(0.15)) {
      cluster.after(random.next() * 300, () => {
        client.isCancelled = true;
        client.run.cancel("by its client");
      });
    }
    return client;
  });
  try {
    const ends = await Promise.all(clients.map(({ run }) => inTime(run.done, broken)));
    const isQuiet = await inTime(
      cluster.quiet().then(() => true),
      broken,
    );
    if (ends.includes(undefined)) problems.push("a run does not end");
    else if (isQuiet === undefined) problems.push("the cluster never comes to rest");
    else problems.push(...cluster.faults, ...cluster.strays());
    // Not before all is quiet: a run in sequence takes real time, and what is fetched meanwhile would come at any moment.
    for (const [i, { flow, isCancelled }] of clients.entries()) {
      const finished = ends[i];
      if (finished === undefined || (isCancelled && finished.state === "Cancelled")) continue;
      problems.push(...(await differences(flow, finished, keepResults === "all")));
    }
    for (const finished of ends) finished?.release();
    if (problems.length === 0) await inTime(cluster.quiet(), broken);
    if (problems.length === 0 && cluster.held > 0)
      problems.push(`${cluster.held} values of runs that were released are still there`);
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const { checked: events, frames, happened: faults, trace } = cluster;
  cluster.stop();
  return { seed, problems, events, frames, faults, trace };
}

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
async function differences(
  { flow, slugs }: RandomFlow,
  got: FinishedRun<unknown>,
  withResults: boolean,
): Promise<readonly string[]> {
  const right = await flow.start({}, { executor: inSequence() }).done;
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

async function inTime<T>(promise: PromiseLike<T>, broken: Promise<undefined>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, LIMIT_MS, undefined);
  });
  try {
    return await Promise.race([promise, late, broken]);
  } finally {
    clearTimeout(timer);
  }
}
