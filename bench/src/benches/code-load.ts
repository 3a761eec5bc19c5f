// Owns: how long a thread takes to find a task of a flow file whose bundle is cached, beside a thread that imports the same
// file as plain JavaScript.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Bench } from "../bench.js";
import { median, ratios, rounded, spread } from "../stats.js";

const ROUNDS = 15;
const packageOf = (name: string): string => dirname(dirname(realpathSync(fileURLToPath(import.meta.resolve(name)))));

const text = (typed: boolean): string => {
  const number = typed ? ": number" : "";
  return `import { flow, task } from "millrace";
export const add = task("add", (a${number}, b${number}) => a + b);
export const f = flow("f", () => add(1, 2));
`;
};
/** Both load Millrace themselves: what is timed is from the start of the thread to the task in hand. */
const ours = `import { parentPort, workerData } from "node:worker_threads";
import { loadTask } from "@millrace/code";
const fn = await loadTask(workerData, { resolve: (specifier) => import.meta.resolve(specifier) });
parentPort.postMessage(fn(1, 2));
`;
const peer = `import { parentPort } from "node:worker_threads";
import "@millrace/code";
const { add } = await import("./tasks.js");
parentPort.postMessage(add.fn(1, 2));
`;
const main = `import { placeOfTask } from "@millrace/code";
import { add } from "./tasks.js";
const host = { resolve: (specifier) => import.meta.resolve(specifier) };
export const place = () => placeOfTask(add, host);
`;

function makeProject(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "millrace-code-load-")));
  const files = {
    "package.json": `{ "type": "module" }`,
    "tasks.js": text(false),
    "ours.js": ours,
    "peer.js": peer,
    "main.js": main,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  mkdirSync(join(folder, "node_modules/@millrace"), { recursive: true });
  symlinkSync(packageOf("millrace"), join(folder, "node_modules/millrace"));
  symlinkSync(packageOf("@millrace/core"), join(folder, "node_modules/@millrace/core"));
  symlinkSync(packageOf("@millrace/code"), join(folder, "node_modules/@millrace/code"));
  return folder;
}

async function timed(file: string, workerData: unknown): Promise<number> {
  const startedAt = performance.now();
  const worker = new Worker(file, { workerData });
  const [answer] = await once(worker, "message");
  const tookMs = performance.now() - startedAt;
  await worker.terminate();
  if (answer !== 3) throw new Error(`the task in ${file} gave ${String(answer)}`);
  return tookMs;
}

export const bench: Bench = async () => {
  const folder = makeProject();
  try {
    const { place }: { place: () => Promise<unknown> } = await import(join(folder, "main.js"));
    const found = await place();
    const figures = { ours: [] as number[], peer: [] as number[] };
    for (let round = 0; round <= ROUNDS; round++) {
      const [own, other] = [
        await timed(join(folder, "ours.js"), found),
        await timed(join(folder, "peer.js"), undefined),
      ];
      if (round === 0) continue;
      figures.ours.push(own);
      figures.peer.push(other);
    }
    const over = figures.ours.map((own, i) => own - (figures.peer[i] ?? Number.NaN));
    return {
      bench: "code-load",
      value: rounded(median(figures.ours)),
      unit: "ms until a thread has the task",
      peer: "the same file imported as plain JavaScript",
      peerValue: rounded(median(figures.peer)),
      ratio: rounded(median(figures.peer) / median(figures.ours)),
      extra: {
        overMs: rounded(median(over)),
        overSpread: spread(over),
        spread: spread(figures.ours),
        peerSpread: spread(figures.peer),
        ratioSpread: spread(ratios(figures.peer, figures.ours)),
        rounds: ROUNDS,
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
