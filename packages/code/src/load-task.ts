// Owns: finding a task's function again in a thread or process that does not have it (D7).
// L1. A module is loaded once a thread. Two hashes are two modules, side by side.
// L2. A load is over when the module is evaluated, or when it reaches a run, or when its time is up: a module that waits for
//     ever must not make a worker wait with it.
// L3. A name that two definitions of one module have names neither: which one is meant nobody can know.

import { moduleLoads, madeAt, type LoadedTask, type ModuleLoad, type TaskKey } from "@millrace/core/seam";
import { CodeError } from "./code-error.js";
import type { Host } from "./host.js";
import { loadFailure } from "./load-failure.js";
import { noteBundle } from "./loaded-bundles.js";
import { inSource, shownPlace } from "./source-place.js";
import { bodyOf } from "./task-source.js";
import type { CodePlace, TaskPlace } from "./task-place.js";

export type LoadOptions = {
  /** How long a module may take to load; by default 30 s. */
  readonly timeoutMs?: number;
};
type Loaded = { readonly tasks: readonly LoadedTask[]; readonly bundle: string };

const TIMEOUT_MS = 30_000;
const loaded = new Map<string, Promise<Loaded>>();

/**
 * The function of a task. Throws `TASK_NOT_FOUND`, `TASK_AMBIGUOUS`, `MODULE_LOADS_TOO_LONG`, `IMPORT_NOT_FOUND` and
 * `FLOW_FILE_THREW`.
 */
export async function loadTask(
  { key, source, flow }: TaskPlace,
  host: Host,
  options: LoadOptions = {},
): Promise<unknown> {
  const found = findTask(await load(source, key, host, options), key);
  if (found !== undefined) return found;
  const other = flow === undefined ? undefined : findTask(await load(flow, key, host, options), key);
  if (other !== undefined) return other;
  throw new CodeError(
    "TASK_NOT_FOUND",
    `${key.source}, loaded anew, makes no task "${key.name}": it was made in a function that does not run while the module loads, or only under a condition that does not hold here. Make it at the top level of a module`,
  );
}

function load(place: CodePlace, key: TaskKey, host: Host, options: LoadOptions): Promise<Loaded> {
  let module = loaded.get(place.bundle);
  if (module === undefined) {
    module = loadNow(place, key, host, options);
    loaded.set(place.bundle, module);
    // What failed may have been mended by the next time: a server that has ended, a package that was installed.
    module.catch(() => loaded.delete(place.bundle));
  }
  return module;
}

async function loadNow(
  { bundle, root }: CodePlace,
  key: TaskKey,
  host: Host,
  { timeoutMs = TIMEOUT_MS }: LoadOptions,
): Promise<Loaded> {
  const href = noteBundle(bundle, root);
  process.setSourceMapsEnabled(true);
  const tasks: LoadedTask[] = [];
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<"tooLong">((resolve) => {
    timer = setTimeout(resolve, timeoutMs, "tooLong");
  });
  let reached = (): void => undefined;
  // The body goes on to its end, or to the next await, before the tasks in it are looked up.
  const reachedRun = new Promise<"reached">((resolve) => {
    reached = (): void => void setImmediate(resolve, "reached");
  });
  const moduleLoad: ModuleLoad = { tasks, reached: () => reached() };
  try {
    const evaluated = moduleLoads.current.run(moduleLoad, () => import(href));
    const end = await Promise.race([evaluated, tooLong, reachedRun]);
    if (end === "tooLong") throw tooLongError(key, timeoutMs);
    // What it throws later is nobody's: its run never comes.
    evaluated.catch(() => undefined);
  } catch (error) {
    throw error instanceof CodeError ? error : await threadFailure(error, key, root, host);
  } finally {
    clearTimeout(timer);
  }
  return { tasks, bundle: href };
}

function tooLongError({ source }: TaskKey, timeoutMs: number): CodeError {
  return new CodeError(
    "MODULE_LOADS_TOO_LONG",
    `${source} was not loaded after ${timeoutMs} ms: something that it awaits at its top level does not come. Put the task into a module that awaits nothing`,
  );
}

async function threadFailure(error: unknown, { source }: TaskKey, root: string, host: Host): Promise<CodeError> {
  const failure = await loadFailure(error, `${root}/${source}`, [`${root}/${source}`], host);
  if (failure.code !== "FLOW_FILE_THREW") return failure;
  const advice =
    "A module that makes tasks is loaded again wherever they run: put them into a module of their own, which neither a test nor a server is";
  return new CodeError("FLOW_FILE_THREW", `${failure.message}\n${advice}`, { cause: error });
}

function findTask({ tasks, bundle }: Loaded, key: TaskKey): unknown {
  const found = tasks.filter(({ name, origin }) => name === key.name && isOf(origin, bundle, key.source));
  const [first, second] = found;
  if (first === undefined || second === undefined) return first?.fn;
  const places = found
    .flatMap(({ origin }) => madeAt(origin).place ?? [])
    .map((place) => `\n- ${shownPlace(inSource(place))}`);
  throw new CodeError(
    "TASK_AMBIGUOUS",
    `${key.source} makes two tasks named "${key.name}", so which one is meant cannot be known outside of its process:${places.join("")}\nGive one of them a name of its own`,
  );
}

function isOf(origin: LoadedTask["origin"], bundle: string, source: string): boolean {
  const body = bodyOf(origin, madeAt(origin));
  return body?.bundle === bundle && body.source === source;
}
