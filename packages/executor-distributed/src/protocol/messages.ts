// Owns: every message of the cluster: one table a direction, of which the types, the bytes, the checks and docs/PROTOCOL.md
//       are made. Does not own: which message is legal when (`session`, `placement`), frames (`frame`).
// M1. A code is never used again for something else. A field that is added, or means something else, is another version.
// M2. Whatever a user made (arguments, results, parameters, log records) is opaque bytes here.

import { changeColumns } from "./change-columns.js";
import { failure } from "./failure-fields.js";
import { bool, bytes, list, optional, span, text, uint, uintFrom, value, word, words } from "./fields.js";
import { graphColumns } from "./graph-columns.js";
import {
  COLUMNS_BYTES_MAX as COLUMNS,
  CONTROL_BYTES_MAX as CONTROL,
  SESSION_BYTES_MAX as SESSION,
  SLOTS_MAX,
} from "./limits.js";
import * as f from "./message-fields.js";
import { outcomeColumns } from "./outcome-columns.js";
import { holdings, valueRanges } from "./ranges.js";
import { Direction, kind, type MessageOf } from "./shapes.js";
import { meta, resources, specs } from "./spec-fields.js";
import { times } from "./time-columns.js";
import { graphTree, sentTree } from "./tree-codec.js";
import { workColumns } from "./work-columns.js";
import { workNames } from "./work-names.js";

const { run, node, nodes } = f;

/** Every link, both ways. */
export const sessionKinds = {
  hello: kind(
    1,
    SESSION,
    "The first message of whoever connected; with a session it asks to go on with it. `nonce`: greater than any before under that name; its answer has the same.",
    {
      role: word(["client", "worker", "peer"]),
      protocol: uint,
      release: text,
      name: text,
      session: optional(text),
      epoch: uint,
      lastSeen: uint,
      nonce: uint,
    },
  ),
  welcome: kind(
    2,
    SESSION,
    "The answer. `resumedFrom`: the last message of the other side that was seen; none: all is new.",
    {
      session: text,
      epoch: uint,
      release: text,
      heartbeatMs: uint,
      resumedFrom: optional(uint),
      nonce: uint,
    },
  ),
  refused: kind(3, SESSION, "The other answer: the link ends, and trying again is of no use.", {
    code: text,
    message: words,
  }),
  heartbeat: kind(4, SESSION, "I am here; `seen`: the last message of yours that I have.", { seen: uint }),
  heartbeatAck: kind(5, SESSION, "The answer to a heartbeat, which proves that both ways are open.", { seen: uint }),
  bye: kind(6, SESSION, "The session is over: nobody resumes it.", { reason: words }),
};

/** Bundles of code, which whoever lacks one asks for (D7). */
export const codeKinds = {
  wantCode: kind(8, CONTROL, "Asks for the bundle of this hash.", { hash: text }),
  code: kind(9, COLUMNS, "A piece of a bundle.", { hash: text, total: uint, offset: uint, bytes }),
  noCode: kind(10, CONTROL, "Nobody has it.", { hash: text }),
};

export const fromClient = {
  ...sessionKinds,
  ...codeKinds,
  openRun: kind(16, CONTROL, "A run begins.", {
    facts: f.facts,
    keepResults: word(["all", "returned", "held"]),
    references: optional(nodes),
    returned: nodes,
    inside: optional(f.inside),
  }),
  graph: kind(17, COLUMNS, "Nodes, no more than there is credit for; `last`: no more will come.", {
    run,
    specs,
    nodes: graphColumns,
    last: bool,
  }),
  put: kind(
    18,
    COLUMNS,
    "A piece of the value of a node without a task, before the node's chunk; the first one has the `parts`.",
    {
      run,
      node,
      meta,
      parts: f.parts,
      offset: uint,
      bytes,
    },
  ),
  handlesChanged: kind(19, COLUMNS, "Nodes that have handles, before their chunk, and those that have none left.", {
    run,
    keep: nodes,
    forget: nodes,
  }),
  fetched: kind(27, CONTROL, "The recipe was followed: the value is there, but for what nobody has any more.", {
    run,
    fetch: uint,
    missing: valueRanges,
  }),
  unreadable: kind(28, CONTROL, "The recipe was followed, and its value cannot be read.", {
    run,
    fetch: uint,
    failure,
  }),
  fetch: kind(20, CONTROL, "Asks where a value is.", { run, fetch: uint, tree: graphTree, index: optional(uint) }),
  cancel: kind(21, CONTROL, "Cancels these nodes, or the whole run.", { run, reason: words, only: optional(nodes) }),
  explain: kind(22, CONTROL, "Asks why a task run is where it is.", { run, id: uint, node, index: optional(uint) }),
  listening: kind(23, CONTROL, "Whether ends of nodes are told from now on.", { run, ends: bool }),
  waits: kind(24, CONTROL, "A work waits for something of this run (`on`), or no more: its slot counts again.", {
    run,
    work: f.inside,
    on: bool,
  }),
  abandonRun: kind(25, CONTROL, "The run could not be started as a whole.", { run }),
  closeRun: kind(26, CONTROL, "Lets go of all that the run keeps.", { run }),
};

export const toClient = {
  ...sessionKinds,
  ...codeKinds,
  opened: kind(32, CONTROL, "The run can be fed.", { run }),
  credit: kind(33, CONTROL, "How many more nodes are taken.", { run, nodes: uint }),
  changed: kind(
    34,
    COLUMNS,
    "State changes, in their order; a node that became Mapped has its width as count. `times`: of what ran and has ended.",
    { run, changes: changeColumns, times },
  ),
  ended: kind(35, COLUMNS, "Nodes that are complete.", { run, nodes }),
  endings: kind(
    36,
    COLUMNS,
    "Why task runs have no value: failures and skips, before the change that they belong to.",
    {
      run,
      endings: list(f.ending),
    },
  ),
  finished: kind(37, CONTROL, "Every task run has ended; fetches are still answered.", {
    run,
    state: word(["Success", "Failed", "Cancelled"]),
    cancelReason: optional(words),
  }),
  recipe: kind(38, COLUMNS, "The answer to a fetch: what to read, and who holds it: `worker` counts in `addresses`.", {
    run,
    fetch: uint,
    tree: sentTree,
    holders: holdings,
    addresses: list(text),
  }),
  fetchRefused: kind(39, CONTROL, "The other answer.", { run, fetch: uint, refusal: f.refusal }),
  explanation: kind(40, CONTROL, "The answer to explain.", { run, id: uint, explanation: f.explanation }),
  idle: kind(41, CONTROL, "Finished, no work unanswered, no question open.", { run }),
  broke: kind(42, CONTROL, "The run cannot be driven any more.", { run, failure }),
  reports: kind(43, COLUMNS, "What tasks said; thinned out where it is too much.", {
    run,
    count: uint,
    reports: value,
  }),
};

export const toWorker = {
  ...sessionKinds,
  ...codeKinds,
  runFacts: kind(48, CONTROL, "A run, once.", { facts: f.facts }),
  template: kind(49, COLUMNS, "What works have in common, once a run and worker.", { run, template: f.template }),
  works: kind(50, COLUMNS, "Works of one template, and who holds their inputs.", {
    run,
    template: f.templateNumber,
    works: workColumns,
    holders: holdings,
  }),
  cancelWorks: kind(51, COLUMNS, "These are to stop.", { run, works: workNames, reason: words }),
  takeBack: kind(52, COLUMNS, "Those of these that have not begun are given back.", { run, works: workNames }),
  release: kind(53, COLUMNS, "Values that nobody needs any more.", { run, values: valueRanges }),
  ask: kind(54, CONTROL, "A question about a value.", {
    run,
    id: f.ask,
    tree: sentTree,
    question: f.question,
    holders: holdings,
  }),
  drop: kind(55, CONTROL, "The run is over: everything of it goes.", { run }),
  peer: kind(56, CONTROL, "A worker by its number, before it is named as a holder.", {
    worker: uint,
    name: text,
    address: text,
  }),
  peerGone: kind(57, CONTROL, "What it held is lost.", { worker: uint }),
};

export const fromWorker = {
  ...sessionKinds,
  ...codeKinds,
  joined: kind(64, CONTROL, "What this worker is.", {
    address: text,
    slots: uintFrom(1, SLOTS_MAX),
    resources,
    labels: list(text),
    memoryMax: uint,
  }),
  began: kind(65, COLUMNS, "These run; may be left out.", { run, works: workNames }),
  outcomes: kind(66, COLUMNS, "How works ended.", { run, outcomes: outcomeColumns }),
  answers: kind(67, COLUMNS, "Answers to questions.", { run, answers: list(f.answer) }),
  givenBack: kind(68, COLUMNS, "Works that have not begun and will not: an attempt's one outcome.", {
    run,
    works: workNames,
    because: word(["taken", "missing", "leaving"]),
    missing: valueRanges,
  }),
  valuesAdded: kind(69, COLUMNS, "Copies that this worker fetched, their bytes in all and how long it took.", {
    run,
    values: valueRanges,
    bytes: uint,
    tookMs: span,
  }),
  valuesDropped: kind(70, COLUMNS, "Values that it does not hold any more: a hint.", { run, values: valueRanges }),
  status: kind(71, CONTROL, "How it is.", {
    running: uint,
    memory: uint,
    level: word(["free", "spilling", "paused"]),
  }),
  leaving: kind(72, CONTROL, "It takes no more works; what runs ends, the rest is given back.", { reason: words }),
  reports: kind(73, COLUMNS, "What tasks said; thinned out where it is too much.", {
    run,
    count: uint,
    reports: value,
  }),
};

/** Between workers, and between a client and a worker. */
export const betweenPeers = {
  ...sessionKinds,
  wanted: kind(80, CONTROL, "Asks for values, or for the elements `first .. first + count - 1` of one.", {
    request: uint,
    run,
    values: valueRanges,
    elements: optional(f.elements),
  }),
  piece: kind(81, COLUMNS, "A piece of a value; `sum`: of all of its bytes.", {
    request: uint,
    taskRun: f.taskRun,
    attempt: uint,
    parts: f.parts,
    sum: uint,
    offset: uint,
    bytes,
  }),
  small: kind(82, COLUMNS, "Small values, all at once: `values` has a piece for each name.", {
    request: uint,
    names: workNames,
    values: f.pieces,
  }),
  missing: kind(83, CONTROL, "What is not here.", { request: uint, values: valueRanges }),
  unwanted: kind(84, CONTROL, "Nobody waits for the rest.", { request: uint }),
};

export type SessionMessage = MessageOf<typeof sessionKinds>;
export type FromClient = MessageOf<typeof fromClient>;
export type ToClient = MessageOf<typeof toClient>;
export type ToWorker = MessageOf<typeof toWorker>;
export type FromWorker = MessageOf<typeof fromWorker>;
export type BetweenPeers = MessageOf<typeof betweenPeers>;

/** For whoever does not know yet who is on the other side: nothing else is read before. */
export const HANDSHAKE = Direction.of("whoever is not known yet", sessionKinds);
export const FROM_CLIENT = Direction.of("client to scheduler", fromClient);
export const TO_CLIENT = Direction.of("scheduler to client", toClient);
export const TO_WORKER = Direction.of("scheduler to worker", toWorker);
export const FROM_WORKER = Direction.of("worker to scheduler", fromWorker);
export const BETWEEN_PEERS = Direction.of("worker or client to worker, and back", betweenPeers);
