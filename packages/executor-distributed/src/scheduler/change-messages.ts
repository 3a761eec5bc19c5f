// Owns: what is told of changes: why task runs have no value, then the changes with the times of what ran.

import {
  type Change,
  type FailureData,
  type FlowRunId,
  isTerminal,
  STATE,
  type StateCode,
  type StateData,
  type StateTable,
} from "@millrace/core/pure";
import { hasTimes, type Ending } from "../client/state/client-table.js";
import { ChangeColumns } from "../protocol/change-columns.js";
import type { ToClient } from "../protocol/messages.js";
import { TimesBuilder } from "../protocol/time-columns.js";

/** Of one message. */
const CHANGES_MAX = 65_536;
const ENDINGS_WEIGHT = 4_194_304;

export function* changeMessages(run: FlowRunId, table: StateTable, changes: readonly Change[]): Generator<ToClient> {
  for (let first = 0; first < changes.length; ) {
    const part: Change[] = [];
    for (let rows = 0; first < changes.length && rows < CHANGES_MAX; first++) {
      const change = changes[first];
      if (change === undefined) break;
      part.push(change);
      rows += change.count;
    }
    for (const endings of inParts(part.flatMap((change) => endingsOf(table, change))))
      yield { kind: "endings", run, endings };
    yield changedMessage(run, table, part);
  }
}

function changedMessage(run: FlowRunId, table: StateTable, changes: readonly Change[]): ToClient {
  const times = new TimesBuilder();
  const told = changes.map((change): Change => {
    if (change.state === STATE.Mapped) return { ...change, count: table.maps.get(change.node)?.width ?? 0 };
    if (!hasTimes(change.state)) return change;
    let untold = change.index === undefined ? 1 : change.count;
    for (const row of rowsOf(table, change)) {
      // 0: it never began.
      times.push(table.startedAt(row) ?? 0, table.durationMs(row) ?? 0);
      untold--;
    }
    // Of a map that was forgotten meanwhile.
    for (; untold > 0; untold--) times.push(0, 0);
    return change;
  });
  return { kind: "changed", run, changes: ChangeColumns.of(told), times: times.columns() };
}

function* rowsOf(table: StateTable, { node, index, count }: Change): Generator<number> {
  const first = table.rowOf(node, index);
  if (first === undefined) return;
  const end = index === undefined ? first + 1 : first + count;
  for (let row: number = first; row < end; row++) yield row;
}

/** Of those that have one of their own: what a table works out by itself, the client's works out too. */
function endingsOf(table: StateTable, change: Change): readonly Ending[] {
  const { node, index, state } = change;
  const isPlain = state === STATE.Success || state === STATE.Mapped || !isTerminal(state);
  if (isPlain || (table.failures.size === 0 && table.skips.size === 0)) return [];
  const found: Ending[] = [];
  const add = (row: number, at: number | undefined): void => {
    const own = ownEnd(table, row, state);
    if (own !== undefined) found.push({ node, index: at, state: own });
  };
  // Children that were cancelled together say why once.
  if (index !== undefined && state === STATE.Cancelled) add(node, undefined);
  let at = index;
  for (const row of rowsOf(table, change)) {
    add(row, at);
    if (at !== undefined) at++;
  }
  return found;
}

function ownEnd(table: StateTable, row: number, state: StateCode): StateData | undefined {
  const skip = table.skips.get(row);
  if (skip !== undefined) return { state: "Skipped", ...skip };
  const failure = table.failures.get(row);
  if (failure === undefined) return undefined;
  if (state === STATE.TimedOut) return { state: "TimedOut", failure };
  if (state === STATE.TriggerFailed) return { state: "TriggerFailed", failure };
  return { state: state === STATE.Cancelled ? "Cancelled" : "Failed", failure };
}

/** Of one message; a failure is less than that by itself. */
function* inParts(endings: readonly Ending[]): Generator<readonly Ending[]> {
  let [part, weight]: [Ending[], number] = [[], 0];
  for (const ending of endings) {
    const size = weightOf(ending.state);
    if (part.length > 0 && weight + size > ENDINGS_WEIGHT) {
      yield part;
      [part, weight] = [[], 0];
    }
    part.push(ending);
    weight += size;
  }
  if (part.length > 0) yield part;
}

const weightOf = (state: StateData): number => ("failure" in state ? failureWeight(state.failure) : 64);

/** In characters and bytes, roughly. */
function failureWeight({ message, stack = "", fields, cause, errors = [] }: FailureData): number {
  const own = 64 + message.length + stack.length + (fields?.length ?? 0);
  return errors.reduce(
    (sum, error) => sum + failureWeight(error),
    own + (cause === undefined ? 0 : failureWeight(cause)),
  );
}
