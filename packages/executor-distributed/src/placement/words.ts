// Owns: what the placement knows of a waiting work, in words: the facts, and what would free it. All of its words stand here.
// W1. A sentence goes on behind the task run's name.

import type { Needs, RunnerReason } from "@millrace/core/pure";
import type { WorkName } from "./events.js";
import type { PlacementReason, ResourceUse } from "./explain.js";
import type { Lacking } from "./needs.js";

/** How whoever asks calls workers and works. */
export interface Names {
  worker(worker: number): string;
  work(name: WorkName): string;
}

/** `nowMs`: of the clock that the placement is told. Undefined: it knows nothing of the work. */
export function inWords(reason: PlacementReason, names: Names, nowMs: number): RunnerReason | undefined {
  const workers = (numbers: readonly number[]): string => list(numbers.map((worker) => names.worker(worker)));
  const say = (sentence: string, waitsFor: readonly string[] = []): RunnerReason | undefined =>
    reason.code === "NOT_HERE" ? undefined : { code: reason.code, sentence, waitsFor };
  switch (reason.code) {
    case "NOT_HERE":
      return undefined;
    case "NO_WORKER":
      return say("waits for a worker: none is there; start one");
    case "NO_WORKER_EVER":
      return say(lackText(reason.needs, reason.lacking));
    case "WORKERS_PAUSED":
      return say(
        `waits: ${workers(reason.workers)} could run it and paused for want of memory; it goes on when one has memory free, or with another worker`,
      );
    case "WORKERS_RETIRING":
      return say(
        `waits: ${workers(reason.workers)} could run it and takes nothing new before it leaves; start a worker`,
      );
    case "RESOURCES_IN_USE":
      return resourcesInUse(reason.needs, reason.uses, names, say);
    case "NO_FREE_SLOT": {
      const others = reason.waiting > 1 ? `, and ${count(reason.waiting, "work")} like it wait` : "";
      return say(
        `is ready and waits for a free slot: the workers have ${reason.slots} in all, and none is free${others}; another worker would free it`,
      );
    }
    case "INPUT_ON_ITS_WAY":
      return say(
        `was sent to ${names.worker(reason.worker)} and waits for its inputs: ${count(reason.bytes, "byte")} have to be moved there`,
      );
    case "SENT":
      return say(
        `was sent to ${names.worker(reason.worker)} and has not begun: up to ${count(reason.ahead, "work")} there go first`,
      );
    case "TAKEN_BACK":
      return say(`is being taken back from ${names.worker(reason.worker)}, to be sent to a worker that is free`);
    case "RUNNING": {
      const seconds = Math.max(0, (nowMs - reason.sinceMs) / 1000);
      return say(`runs on ${names.worker(reason.worker)}, for ${seconds.toFixed(1)} s so far`);
    }
    default:
      return reason satisfies never;
  }
}

/** Of needs that no worker could ever meet, and how to meet them. */
export function lackText(needs: Needs, lacking: Lacking): string {
  const remedy = `start a worker with ${optionsText(needs)}`;
  if (!isAny(lacking)) return `needs ${needsText(needs)}, and no single worker has it all: ${remedy}`;
  return `needs ${needsText(lacking)}, and no worker has it: ${remedy}`;
}

function resourcesInUse(
  needs: Needs,
  uses: readonly ResourceUse[],
  names: Names,
  say: (sentence: string, waitsFor: readonly string[]) => RunnerReason | undefined,
): RunnerReason | undefined {
  const users = new Set<string>();
  const each = uses.map(({ resource, worker, amount, works }) => {
    const slugs = works.map((work) => names.work(work));
    for (const slug of slugs) users.add(slug);
    const who = slugs.length === 0 ? "" : ` (${slugs.join(", ")})`;
    return `${names.worker(worker)} has ${resource}=${amount} in use${who}`;
  });
  const remedy = `it goes on when they end, or with another worker with ${optionsText(needs)}`;
  return say(
    `waits for ${needsText({ ...needs, labels: [] })}: ${each.join(", ")}; ${remedy}`,
    [...users].slice(0, 10),
  );
}

const isAny = ({ resources, labels }: Lacking): boolean => Object.keys(resources).length > 0 || labels.length > 0;

const amountsText = (resources: Lacking["resources"]): readonly string[] =>
  Object.entries(resources).map(([name, amount]) => `${name}=${amount}`);

const needsText = ({ resources, labels }: Lacking): string =>
  list([...amountsText(resources), ...labels.map((label) => `the label ${label}`)]);

/** As a worker is started. */
function optionsText({ resources, labels }: Lacking): string {
  const amounts = amountsText(resources).join(",");
  const parts = [...(amounts === "" ? [] : [`--resources ${amounts}`]), ...labels.map((label) => `the label ${label}`)];
  return list(parts);
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

const list = (parts: readonly string[]): string =>
  parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
