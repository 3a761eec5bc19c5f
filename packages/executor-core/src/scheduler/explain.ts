// Owns: why a task run is where it is (D13): worked out when asked, from the same columns that decide.
// Does not own: what only the runner knows of what was sent to it (`Runner.explain`).

import type { Explanation, ReasonCode, StoryLine } from "../states/explanation.js";
import { failureOf, skipOf } from "../states/failures.js";
import type { NodeId } from "../work/ids.js";
import { isTerminal, STATE, stateName } from "../work/kinds.js";
import type { MapRecord } from "./map-record.js";
import { FLAG } from "./node-page.js";
import { isSatisfied, itemOf } from "./open-lists.js";
import type { RunState } from "./run-state.js";

const NAMED_MAX = 10;

/** For people: the slug of a node, or of a map's child that may not exist yet. */
export function explainedName(s: RunState, node: NodeId, index: number | undefined): string {
  // Of a run elsewhere the graph may still be on its way.
  const slug = node < s.known ? s.graph.slug(node) : `the node ${node}`;
  return index === undefined ? slug : `${slug}[${index}]`;
}

/** `nowMs`: milliseconds since the epoch. */
export function explain(s: RunState, node: NodeId, nowMs: number, index?: number): Explanation {
  const name = explainedName(s, node, index);
  const known = node < s.read ? s.table.rowOf(node, index) : undefined;
  const story = known === undefined ? [] : s.story.of(known);
  const say = (code: ReasonCode, sentence: string, waitsFor: readonly string[] = []): Explanation => ({
    code,
    sentence: `${name} ${sentence}`,
    waitsFor,
    story,
  });
  if (node >= s.read) return say("NOT_YET_READ", "has not been looked at yet: a large graph is read a piece at a time");
  const map = s.maps.get(node);
  const row = s.table.rowOf(node, index);
  if (row === undefined) {
    const spec = s.graph.spec(node);
    if (spec.kind !== "task" || !spec.mapped) return say("FINISHED", "does not exist: it is not mapped");
    if (map === undefined && !s.isComplete(node)) {
      const ofMap = explain(s, node, nowMs);
      return { ...ofMap, sentence: `${name} does not exist yet: ${ofMap.sentence}` };
    }
    return say("FINISHED", "does not exist: its map has fewer elements");
  }
  const state = s.table.state(row);
  if (index === undefined && map !== undefined && map.done < map.width)
    return say("CHILDREN_RUNNING", `has ${map.width} elements, ${map.done} of them have ended`);
  if (isTerminal(state)) return say("FINISHED", ended(s, row));
  if (s.cancelReason !== undefined) return say("CANCELLING", `is being cancelled: ${s.cancelReason}`);
  const asked = cancelledAlone(s, row, map);
  if (asked !== undefined) return say("CANCELLING", `is being cancelled: ${asked}`);
  if (s.isSent(row)) return say("RUNNING", sentSentence(s, story, nowMs));
  const dueMs = s.tries.get(row)?.dueMs ?? 0;
  if (state === STATE.Retrying && dueMs > nowMs)
    return say("RETRY_DELAY", `is tried again in ${Math.ceil(dueMs - nowMs)} ms`);
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

/** Why it is asked to stop, while the run goes on. */
function cancelledAlone(s: RunState, row: number, map: MapRecord | undefined): string | undefined {
  if (map?.cancelling === true) return s.table.failures.get(map.shape.node)?.message;
  return s.cancelling.get(row);
}

/** Whether a runner works or is silent nobody can tell from here: how long it has been can be told. */
function sentSentence(s: RunState, story: readonly StoryLine[], nowMs: number): string {
  const sent = story.findLast(({ cause }) => cause === "sent");
  const seconds = Math.floor((nowMs - (sent?.atMs ?? s.heardMs)) / 1000);
  if (seconds < 1) return "has been sent and has not ended";
  // Of a large run it is not kept when each was sent.
  const what = sent === undefined ? "has answered nothing of this run" : "has not answered";
  return `has been sent and has not ended: the runner ${what} for ${seconds} s`;
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
