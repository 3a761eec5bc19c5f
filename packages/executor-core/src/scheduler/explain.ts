// Owns: why a task run is where it is (D13): worked out when asked, from the same columns that decide.

import type { Explanation, ReasonCode } from "../states/change.js";
import { failureOf, skipOf } from "../states/failures.js";
import type { NodeId } from "../work/ids.js";
import { isTerminal, STATE, stateName } from "../work/kinds.js";
import type { MapRecord } from "./map-record.js";
import { FLAG } from "./node-page.js";
import { isSatisfied, itemOf } from "./open-lists.js";
import type { RunState } from "./run-state.js";

const NAMED_MAX = 10;

export function explain(s: RunState, node: NodeId, index?: number): Explanation {
  const name = index === undefined ? s.graph.slug(node) : `${s.graph.slug(node)}[${index}]`;
  const say = (code: ReasonCode, sentence: string, waitsFor: readonly string[] = []): Explanation => ({
    code,
    sentence: `${name} ${sentence}`,
    waitsFor,
  });
  if (node >= s.read) return say("NOT_YET_READ", "has not been looked at yet: a large graph is read a piece at a time");
  const map = s.maps.get(node);
  const row = s.table.rowOf(node, index);
  if (row === undefined) {
    if (map === undefined && !s.isComplete(node))
      return { ...explain(s, node), sentence: `${name} does not exist yet: ${explain(s, node).sentence}` };
    return say("FINISHED", "does not exist: its map has fewer elements");
  }
  const state = s.table.state(row);
  if (index === undefined && map !== undefined && map.done < map.width)
    return say("CHILDREN_RUNNING", `has ${map.width} elements, ${map.done} of them have ended`);
  if (isTerminal(state)) return say("FINISHED", ended(s, row));
  if (s.cancelReason !== undefined) return say("CANCELLING", `is being cancelled: ${s.cancelReason}`);
  if (s.isSent(row)) return say("RUNNING", "has been sent and has not ended");
  if (state === STATE.Retrying && (s.tries.get(row)?.dueMs ?? 0) > s.now)
    return say("RETRY_DELAY", `is tried again in ${Math.ceil((s.tries.get(row)?.dueMs ?? 0) - s.now)} ms`);
  if (s.lineage.waits.size > 0) {
    const lost = waitsForLost(s, row, map);
    if (lost.length > 0)
      return say("INPUT_LOST", `waits for ${list(lost)}: the value was lost and is being made again`, lost);
  }
  if (index !== undefined && map !== undefined) return explainChild(s, map, index, say);
  if ((s.flags(node) & FLAG.queued) !== 0 || state !== STATE.Pending) return say("NO_FREE_SLOT", slotSentence(s));
  if ((s.flags(node) & FLAG.asking) !== 0)
    return say("ANSWER_PENDING", "waits for an answer about the value it depends on");
  const waitsFor = unfinishedUpstream(s, node);
  return say("UPSTREAM_UNFINISHED", `waits for ${list(waitsFor)}`, waitsFor);
}

/** What it waits for by itself, or its map does as a whole. */
function waitsForLost(s: RunState, row: number, map: MapRecord | undefined): readonly string[] {
  const names: string[] = [];
  for (const { row: lost, waiters } of s.lineage.remakes.values()) {
    const isWaited = waiters.includes(row) || (map?.waiting === true && waiters.includes(map.shape.node));
    if (isWaited) names.push(s.rowName(lost));
    if (names.length === NAMED_MAX) break;
  }
  return names;
}

type Say = (code: ReasonCode, sentence: string, waitsFor?: readonly string[]) => Explanation;

function explainChild(s: RunState, map: MapRecord, index: number, say: Say): Explanation {
  const waitsFor: string[] = [];
  for (const { map: upstream } of map.through) {
    const row = upstream.shape.first + index;
    if (!isTerminal(s.table.state(row))) waitsFor.push(s.rowName(row));
  }
  for (const list of map.lists) {
    const item = itemOf(s.graph, list, index);
    if (!s.isComplete(item)) waitsFor.push(s.graph.slug(item));
  }
  if (waitsFor.length > 0) return say("UPSTREAM_UNFINISHED", `waits for ${list(waitsFor)}`, waitsFor);
  const { maxConcurrency, maxOpenPipelines } = map.spec;
  if (maxConcurrency !== undefined && map.running >= maxConcurrency)
    return say("MAX_CONCURRENCY", `waits because maxConcurrency lets ${maxConcurrency} elements run at a time`);
  if (map.isRoot && index >= map.cursor && map.pipelinesFull)
    return say("MAX_OPEN_PIPELINES", `waits because maxOpenPipelines lets ${maxOpenPipelines} elements be under way`);
  return say("NO_FREE_SLOT", slotSentence(s));
}

function slotSentence(s: RunState): string {
  return `is ready and waits for a free slot: ${s.open} of ${s.limit} are in use; a higher concurrency would free it`;
}

function ended(s: RunState, row: number): string {
  const state = s.table.state(row);
  const failure = failureOf(s.table, s.graph, row);
  if (failure !== undefined) return `ended as ${stateName(state)}: ${failure.message}`;
  return state === STATE.Skipped ? `ended as Skipped: ${skipOf(s.table, row).reason}` : `ended as ${stateName(state)}`;
}

function unfinishedUpstream(s: RunState, node: number): readonly string[] {
  const names = new Set<string>();
  for (let edge = s.graph.inFirst(node); edge < s.graph.inEnd(node) && names.size < NAMED_MAX; edge++) {
    const from = s.graph.from(edge);
    if (!isSatisfied(s, edge)) names.add(s.graph.slug(from));
  }
  return [...names];
}

const list = (names: readonly string[]): string => (names.length === 0 ? "its upstream tasks" : names.join(", "));
