// Owns: works of a placement's `send` as messages to their worker: by template and in their order, facts and templates first
// where the worker does not know them.

import { mapInline, type RunFacts, type Work, type WorkBatch, WorkRange, type WorkTemplate } from "@millrace/core/pure";
import type { InputPlaces, SentWork } from "../placement/effects.js";
import type { WorkName } from "../placement/events.js";
import { Opaque } from "../protocol/opaque.js";
import type { SentFacts, SentTemplate } from "../protocol/message-fields.js";
import type { ToWorker } from "../protocol/messages.js";
import type { Holding } from "../protocol/ranges.js";
import { WorkNames } from "../protocol/work-names.js";
import { columnsOfWorks, WorksBuilder } from "../protocol/works-builder.js";
import type { OpenWork, RunHere } from "./runs-here.js";

type Group = {
  readonly run: RunHere;
  readonly template: WorkTemplate;
  readonly works: OpenWork[];
  readonly holders: Holding[];
  /** Lists of places that stand in `holders`. */
  readonly told: Set<readonly number[]>;
  /** Of what stands inline, and of the holders. */
  bytes: number;
};

/** A frame has room for one argument more than that, of the largest size that may stand inline. */
const GROUP_BYTES = 4_194_304;
/** Of a run of values at one holder: more than it mostly takes. */
const HOLDING_BYTES = 12;

export function messagesOf(
  worker: number,
  works: readonly SentWork[],
  runAt: (number: number) => RunHere | undefined,
): ToWorker[] {
  const messages: ToWorker[] = [];
  let group: Group | undefined;
  const flush = (): void => {
    if (group !== undefined) messages.push(worksMessage(group));
    group = undefined;
  };
  for (const { run: number, work, inputs } of works) {
    const run = runAt(number);
    const open = run?.works.get(work.taskRun);
    if (run === undefined || open === undefined) continue;
    const { template } = open.batch;
    const bytes = bytesOf(open, inputs, group);
    if (group !== undefined && group.bytes + bytes > GROUP_BYTES) flush();
    if (group?.run !== run || group.template !== template) {
      flush();
      introduce(worker, run, open.batch.run, template, messages);
      group = { run, template, works: [], holders: [], told: new Set(), bytes: 0 };
    }
    group.bytes += bytes;
    group.works.push(open);
    for (const places of inputs) addHolders(group, places);
  }
  flush();
  return messages;
}

function bytesOf({ batch, i }: OpenWork, inputs: readonly InputPlaces[], group: Group | undefined): number {
  let bytes = batch instanceof WorkRange ? 0 : inlineBytes(batch.at(i));
  for (const { holders } of inputs)
    if (group?.told.has(holders) !== true) bytes += (holders.length / 3) * HOLDING_BYTES;
  return bytes;
}

/** Once a message, however many of its works read them. On the wire a worker is its number and 1, 0 the store beside the scheduler. */
function addHolders({ told, holders: all }: Group, { attempt, holders }: InputPlaces): void {
  if (told.has(holders)) return;
  told.add(holders);
  for (let i = 0; i < holders.length; i += 3)
    all.push({ first: holders[i] ?? 0, count: holders[i + 1] ?? 0, attempt, worker: (holders[i + 2] ?? 0) + 1 });
}

/** Works that are asked back, or to stop: a message a run and, of those that are to stop, a reason. */
export function namesMessages(
  kind: "takeBack" | "cancel",
  works: readonly WorkName[],
  runAt: (number: number) => RunHere | undefined,
): ToWorker[] {
  const groups = new Map<string, { readonly run: RunHere; readonly reason: string; readonly names: WorkName[] }>();
  for (const work of works) {
    const run = runAt(work.run);
    if (run === undefined) continue;
    const reason = run.works.get(work.taskRun)?.reason ?? "cancelled";
    const key = kind === "cancel" ? `${work.run}/${reason}` : String(work.run);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { run, reason, names: [work] });
    else group.names.push(work);
  }
  return [...groups.values()].map(({ run: { id }, reason, names }): ToWorker => {
    const sent = WorkNames.of(names);
    return kind === "takeBack" ? { kind, run: id, works: sent } : { kind: "cancelWorks", run: id, works: sent, reason };
  });
}

function inlineBytes({ slots, loopValue }: Work): number {
  let bytes = loopValue instanceof Opaque ? loopValue.end - loopValue.from : 0;
  const add = (value: unknown): unknown => {
    if (value instanceof Opaque) bytes += value.end - value.from;
    return value;
  };
  for (const slot of slots ?? []) if (slot.kind !== "ref") mapInline(slot, add);
  return bytes;
}

function worksMessage({ run, template, works, holders }: Group): ToWorker {
  return { kind: "works", run: run.id, template: template.id, works: columnsOf(works), holders };
}

function columnsOf(works: readonly OpenWork[]): ReturnType<typeof columnsOfWorks> {
  const range = rangeOf(works);
  if (range !== undefined) return columnsOfWorks(range);
  const builder = new WorksBuilder();
  for (const { batch, i } of works) builder.add(batch.at(i));
  return builder.columns();
}

/** Neighbours of one range are a range again. */
function rangeOf(works: readonly OpenWork[]): WorkBatch | undefined {
  const [first] = works;
  if (first === undefined || !(first.batch instanceof WorkRange)) return undefined;
  const isOne = works.every(({ batch, i }, at) => batch === first.batch && i === first.i + at);
  return isOne ? first.batch.slice(first.i, works.length) : undefined;
}

/** What the worker has to know before it gets works of this template. */
export function introduce(
  worker: number,
  run: RunHere,
  facts: RunFacts,
  template: WorkTemplate | undefined,
  messages: ToWorker[],
): void {
  let told = run.told.get(worker);
  if (told === undefined) {
    told = new Set();
    run.told.set(worker, told);
    messages.push({ kind: "runFacts", facts: sentFacts(facts) });
  }
  if (template === undefined || told.has(template)) return;
  told.add(template);
  messages.push({ kind: "template", run: run.id, template: sentTemplate(template) });
}

const sentFacts = ({ id, flow, name, parameters, checkValues, once }: RunFacts): SentFacts => ({
  id,
  flow,
  name,
  parameters,
  checkValues: checkValues === true,
  once: once === true,
  origin: undefined,
});

function sentTemplate({ fn: _fn, made, ...template }: WorkTemplate): SentTemplate {
  return { ...template, task: made.key ?? { code: "", source: "", name: made.name } };
}
