// Owns: one seed of the simulator: a cluster, one or two clients with a flow each, faults, and what must hold all the same.
// I1. While anything goes wrong: the checks of every scheduler and of the placement after each event, and at the end of a run that
//     its events give the same states again.
// I2. When the network has healed every run ends, with the states and results of a run in sequence; a cancelled one as that.
// I3. When nothing can happen any more, each worker holds what the placement says that it holds, and nothing else; when the clients
//     have gone, nothing is left of anything.

import { checkSeed } from "../checked-options.js";
import { SeededRandom } from "../seeded-random.js";
import { FAULTS } from "./faults.js";
import { SimUser } from "./sim-user.js";
import { SimulatedCluster } from "./simulated-cluster.js";

export type SeedReport = {
  readonly seed: number;
  /** Empty: everything held. */
  readonly problems: readonly string[];
  /** Events of schedulers that were checked, frames that came. */
  readonly events: number;
  readonly frames: number;
  readonly faults: ReadonlyMap<string, number>;
  /** Messages, transitions, pairs of a state and an event, and how often. */
  readonly reached: ReadonlyMap<string, number>;
  /** Of all that happened: the same seed gives the same. */
  readonly trace: string;
};

/**
 * So much of the real time a seed may take: in virtual time it never stands still. Counted in seconds in which this process was
 * awake: a machine that stood still must not make a seed fail.
 */
const LIMIT_SECONDS = 60;

/** Longer than anybody is away, and than the longest task takes several times over. */
const CALM_MS = 300_000;
/** Of what goes wrong in a seed, without what is only told once more. */
const FAULTS_LEAST = 5;
/** A worker that was away comes back while what it ran still goes on. */
const QUICK_TO_FORGET = { resumeMs: 2_000, retryMaxMs: 200, heartbeatMs: 300, answerMs: 1_000 };

/** `onTrace`: each event, as a line. */
export async function simulateSeed(seed: number, onTrace?: (line: string) => void): Promise<SeedReport> {
  checkSeed("simulated cluster", seed);
  const random = new SeededRandom(seed + 1);
  const problems: string[] = [];
  const reached = new Map<string, number>();
  let breakOff = (): void => undefined;
  const broken = new Promise<undefined>((resolve) => {
    breakOff = () => resolve(undefined);
  });
  const cluster = new SimulatedCluster(seed, {
    workers: 2 + random.below(5),
    slots: 1 + random.below(3),
    resources: { gpu: 3 },
    labels: (worker) => (worker % 2 === 0 ? ["disk"] : []),
    session: random.chance(0.5) ? {} : QUICK_TO_FORGET,
    faults: { ...FAULTS, most: FAULTS_LEAST + random.below(20) },
    onProblem: (problem) => {
      problems.push(problem);
      breakOff();
    },
    onTrace,
    onReached: (what) => reached.set(what, (reached.get(what) ?? 0) + 1),
  });
  const user = (i: number): SimUser => new SimUser(cluster, seed * 2 + i, random);
  const clients = Array.from({ length: 1 + random.below(2) }, (_, i) => user(i));
  const comeToRest = async (): Promise<boolean> => {
    const isQuiet = await inTime(
      cluster.quiet().then(() => true),
      broken,
    );
    if (isQuiet === undefined) problems.push("the cluster never comes to rest");
    return isQuiet === true;
  };
  try {
    const ends = await Promise.all(clients.map((client) => inTime(client.ended(), broken)));
    // Where all was cancelled at once little has gone wrong.
    while (cluster.disturbed < FAULTS_LEAST && !ends.includes(undefined) && (await comeToRest())) {
      const client = user(clients.length);
      clients.push(client);
      ends.push(await inTime(client.ended(), broken));
    }
    const { calmMs } = cluster;
    if (calmMs > CALM_MS) problems.push(`runs ended ${Math.round(calmMs)} ms after the last fault`);
    if (ends.includes(undefined)) problems.push("a run does not end");
    // Not before all is quiet: what is fetched meanwhile would come at any moment.
    else if (await comeToRest()) {
      problems.push(...cluster.problems, ...cluster.strays());
      for (const client of clients) problems.push(...(await client.differences()));
      for (const client of clients) client.release();
      if ((await comeToRest()) && clients.every((client) => client.hasReleasedAll))
        problems.push(...cluster.leftOver(false));
      cluster.endClients();
      if (await comeToRest()) problems.push(...cluster.leftOver());
      cluster.end();
      await comeToRest();
    }
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const { checked: events, frames, happened: faults, trace } = cluster;
  cluster.stop();
  return { seed, problems, events, frames, faults, reached, trace };
}

async function inTime<T>(promise: PromiseLike<T>, broken: Promise<undefined>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    let seconds = 0;
    timer = setInterval(() => ++seconds < LIMIT_SECONDS || resolve(undefined), 1000);
  });
  try {
    return await Promise.race([promise, late, broken]);
  } finally {
    clearInterval(timer);
  }
}
