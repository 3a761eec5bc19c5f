// Owns: what seeds of the simulator reach all together: every fault, message, transition and pair of a state and an event, or why not.
import { isLegal, STATE, stateName } from "@millrace/core/seam";
import {
  DIALLED_EVENTS,
  DIALLED_STATES,
  describeKinds,
  LISTENING_EVENTS,
  LISTENING_STATES,
  NEVER_DIALLED,
  NEVER_LISTENING,
  type PlacementEvent,
  type WorkEnd,
  type WorkerEvent,
  type WorkPlace,
} from "@millrace/distributed/seam";
import { FAULTS } from "@millrace/testing";

/** Undefined: it is to be reached. */
export type Wanted = ReadonlyMap<string, string | undefined>;

const WAYS: Readonly<Record<string, string>> = {
  "Client to scheduler": "client to scheduler",
  "Scheduler to client": "scheduler to client",
  "Scheduler to worker": "scheduler to worker",
  "Worker to scheduler": "worker to scheduler",
  "Whoever wants a value to the worker that has it, and back": "worker or client to worker, and back",
};

const QUIET = "the simulated scheduler ends when all is quiet, and each session is linked";
const BY_ITSELF =
  "a simulated process that has ended its session hears nothing more; test/unit/distributed/sessions does";
const NEVER_IN_SESSIONS: Readonly<Record<string, string>> = {
  "listening session none/end": QUIET,
  "listening session waiting/end": QUIET,
  "dialled session greeting/refused": "all processes of a seed run the same release, each with its own role",
  ...Object.fromEntries(
    DIALLED_EVENTS.filter((event) => event !== "send").map((event) => [`dialled session over/${event}`, BY_ITSELF]),
  ),
};

const NOTHING_SPILLS = "a simulated worker drops nothing by itself: nothing spills";
const NEVER_SAID: Readonly<Record<string, string>> = {
  "client to scheduler: unreadable": "every value of a seed can be read",
  "client to scheduler: waits": "no task of a seed starts a run or submits",
  "scheduler to worker: peer": "simulated workers know each other by number",
  "worker to scheduler: valuesDropped": NOTHING_SPILLS,
  "worker or client to worker, and back: small": "simulated holders send each value by itself",
};

const NEVER_BETWEEN: Readonly<Record<string, string>> = {
  "Retrying > Failed":
    "no input of a seed is lost for good while a task waits for its next try; test/unit/core/lost-values does it",
};

const NO_ATTEMPT_TWICE = "a work is sent once: what comes twice is dropped by the session";
const UNDER_WAY = "a run is dropped when nothing of it is under way";
const NEVER_AT_WORKER: Readonly<Record<string, string>> = {
  "fetching/works": NO_ATTEMPT_TWICE,
  "ready/works": NO_ATTEMPT_TWICE,
  "running/works": NO_ATTEMPT_TWICE,
  "fetching/ended": "what has not begun cannot end",
  "ready/ended": "what has not begun cannot end",
  "fetching/drop": UNDER_WAY,
  "ready/drop": UNDER_WAY,
  "running/drop": UNDER_WAY,
};
const WORKS_HERE = ["fetching", "ready", "running"];
const ALL_WORKS = ["none", ...WORKS_HERE];
const REQUESTS = ["asked", "over"];
/** With which states a worker meets each event; none: it is counted by itself. */
const AT_WORKER: Readonly<Record<WorkerEvent["kind"], readonly string[]>> = {
  works: ALL_WORKS,
  cancelWorks: ALL_WORKS,
  takeBack: ALL_WORKS,
  ended: ALL_WORKS,
  drop: WORKS_HERE,
  drain: WORKS_HERE,
  forget: WORKS_HERE,
  fetched: REQUESTS,
  progress: REQUESTS,
  fetchEnded: REQUESTS,
  release: [],
  ask: [],
  peerGone: [],
  memory: [],
  woke: [],
};

const KNOWN = "a work is known until its worker has answered, and a worker that is lost is not heard";
const NOT_TWICE = "a task run is dispatched again only when its last attempt was answered";
const NEVER_PLACED: Readonly<Record<string, string>> = {
  "waiting/worksArrived": NOT_TWICE,
  "sent/worksArrived": NOT_TWICE,
  "recalled/worksArrived": NOT_TWICE,
  "begun/worksArrived": NOT_TWICE,
  "waiting/began": "what is nowhere cannot begin",
  "waiting/ended value": "what is nowhere cannot end",
  "waiting/ended noValue": "what is nowhere cannot end",
  "waiting/ended givenBack": "what is nowhere cannot be given back",
  "sent/ended value": "a worker says that a work has begun before it says how it ended",
  "sent/ended noValue": "a worker says that a work has begun before it says how it ended",
  "recalled/ended value": "a worker says that a work has begun before it says how it ended",
  "recalled/ended noValue": "a worker says that a work has begun before it says how it ended",
  "begun/ended givenBack": "what has begun is not given back",
  "none/began": KNOWN,
  "none/ended value": KNOWN,
  "none/ended noValue": KNOWN,
  "none/ended givenBack": KNOWN,
  "none/runClosed": "of what is not there nothing is closed",
  "none/workerLost": "of what is not there nothing is lost",
  "none/workerRetiring": "of what is not there nothing retires",
  "waiting/workerLost": "what waits is at no worker",
  "waiting/workerRetiring": "what waits is at no worker",
};
const ALONE = "alone";
const PLACES: Readonly<Record<WorkPlace | "none", true>> = {
  none: true,
  waiting: true,
  sent: true,
  recalled: true,
  begun: true,
};
const ENDS: Readonly<Record<WorkEnd["end"], true>> = { value: true, noValue: true, givenBack: true };
/** What each event of the placement is counted by: as what, with each place of a work; or by itself. */
const PLACED: Readonly<Record<PlacementEvent["kind"], readonly string[] | typeof ALONE>> = {
  worksArrived: ["worksArrived"],
  worksCancelled: ["worksCancelled"],
  began: ["began"],
  ended: Object.keys(ENDS).map((end) => `ended ${end}`),
  runClosed: ["runClosed"],
  workerLost: ["workerLost"],
  workerRetiring: ["workerRetiring"],
  workerJoined: ALONE,
  workerPaused: ALONE,
  workerResumed: ALONE,
  runOpened: ALONE,
  valuesReleased: ALONE,
  put: ALONE,
  valuesAdded: ALONE,
  valuesDropped: ALONE,
  transferred: ALONE,
  woke: ALONE,
};
const NEVER_PLACED_ALONE: Readonly<Record<string, string>> = {
  woke: "values of a seed are small: to move one never takes longer than to wait; test/unit/distributed/placing does it",
  valuesDropped: NOTHING_SPILLS,
};

export function wanted(): Wanted {
  const all = new Map<string, string | undefined>();
  for (const kind of Object.keys(FAULTS)) if (kind !== "most") all.set(`fault ${kind}`, undefined);
  for (const { way, kinds } of describeKinds()) {
    const name = WAYS[way];
    for (const { kind } of kinds) if (name !== undefined) all.set(`${name}: ${kind}`, NEVER_SAID[`${name}: ${kind}`]);
  }
  for (const from of Object.values(STATE))
    for (const to of Object.values(STATE))
      if (isLegal(from, to)) {
        const pair = `${stateName(from)} > ${stateName(to)}`;
        all.set(`task run ${pair}`, NEVER_BETWEEN[pair]);
      }
  const pairs = (
    name: string,
    states: readonly string[],
    events: readonly string[],
    never: Readonly<Record<string, string>>,
  ): void => {
    for (const state of states)
      for (const event of events) {
        const pair = `${state}/${event}`;
        all.set(`${name} ${pair}`, NEVER_IN_SESSIONS[`${name} ${pair}`] ?? never[pair]);
      }
  };
  pairs("listening session", LISTENING_STATES, LISTENING_EVENTS, NEVER_LISTENING);
  pairs("dialled session", DIALLED_STATES, DIALLED_EVENTS, NEVER_DIALLED);
  for (const [event, states] of Object.entries(AT_WORKER)) {
    pairs("worker", states, [event], NEVER_AT_WORKER);
    if (states.length === 0) all.set(`worker ${event}`, undefined);
  }
  all.set("spill", undefined);
  for (const [event, names] of Object.entries(PLACED))
    if (names === ALONE) all.set(`placement: ${event}`, NEVER_PLACED_ALONE[event]);
    else pairs("placement", Object.keys(PLACES), names, NEVER_PLACED);
  return all;
}

/** What was to be reached and was not, and what was reached though it cannot be. */
export function unreached(reached: Readonly<Record<string, number>>): {
  readonly missing: readonly string[];
  readonly impossible: readonly string[];
} {
  const all = [...wanted()];
  return {
    missing: all.flatMap(([what, never]) => (never === undefined && reached[what] === undefined ? [what] : [])),
    impossible: all.flatMap(([what, never]) => (never !== undefined && reached[what] !== undefined ? [what] : [])),
  };
}
