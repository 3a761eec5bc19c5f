// Owns: where a task's code is to be found by somebody who does not have its function: in a thread, in a process.
// Does not own: loading it there (`load-task`).

import { realpathSync } from "node:fs";
import { basename, isAbsolute, relative, resolve } from "node:path";
import { type Made, type Origin, type TaskKey, type TaskMade, taskMade } from "@millrace/core/seam";
import { CodeError } from "./code-error.js";
import { codeOf } from "./code-of.js";
import type { Host } from "./host.js";
import { isFile } from "./package-folder.js";
import { inSource, shownPlace } from "./source-place.js";
import { sourceOf } from "./task-source.js";

/** Data alone: it travels, within one machine. */
export type CodePlace = { readonly hash: string; readonly bundle: string; readonly root: string };
export type TaskPlace = {
  readonly key: TaskKey;
  /** The bundle of the task's own source. */
  readonly source: CodePlace;
  /** That of the flow's module, which may make the task where its own source alone does not. */
  readonly flow?: CodePlace;
};

/** `flowFile`: the module of the flow that uses the task. Throws `TASK_UNREACHABLE`, and what bundling throws. */
export async function placeOfTask(task: unknown, host: Host, flowFile?: string): Promise<TaskPlace> {
  const made = taskMade(task);
  if (made === undefined) throw new CodeError("TASK_UNREACHABLE", "this is no task: make one with task(name, fn)");
  return placeOfMade(made, host, flowFile);
}

/** The same of what a template says of its task. */
export async function placeOfMade({ name, origin }: TaskMade, host: Host, flowFile?: string): Promise<TaskPlace> {
  const { file, made: where } = sourceOf(origin);
  if (file === undefined) throw unreachable(name, where);
  const code = await codeOf(file, host);
  const flow =
    flowFile === undefined || resolve(flowFile) === file ? undefined : await codeOf(realpathSync(flowFile), host);
  return {
    key: { code: code.hash, source: relative(code.root, file), name },
    source: { hash: code.hash, bundle: code.path, root: code.root },
    ...(flow === undefined ? undefined : { flow: { hash: flow.hash, bundle: flow.path, root: flow.root } }),
  };
}

const files = new WeakMap<Origin, { readonly file: string | undefined }>();

/** The module in whose body a flow was made; undefined: in a function, or in no file. Each origin is looked at once. */
export function fileOfOrigin(origin: Origin): string | undefined {
  let found = files.get(origin);
  if (found === undefined) {
    found = { file: sourceOf(origin).file };
    files.set(origin, found);
  }
  return found.file;
}

function unreachable(name: string, { place }: Made): CodeError {
  const [where, remedy] = placeAndRemedy(place);
  return new CodeError(
    "TASK_UNREACHABLE",
    `the task "${name}" was made ${where}, so no other thread or process can make it again: ${remedy}`,
  );
}

const AT_TOP =
  'make it at the top level of a module, as in: export const add = task("add", (a: number, b: number) => a + b)';

function placeAndRemedy(place: Made["place"]): readonly [where: string, remedy: string] {
  if (place === undefined || !isAbsolute(place.file) || isEvaluated(place.file))
    return ["in no file (a REPL, eval, or code without a name)", AT_TOP];
  if (isFile(place.file)) return [`at ${shownPlace(inSource(place))}, in a function that was called later`, AT_TOP];
  return [`in ${place.file}, which is there no more`, "a file that makes tasks has to stay as long as they run"];
}

/** Node places code that was given to it as text into the folder where it was started. */
const isEvaluated = (file: string): boolean => /^\[(?:eval|stdin)\d*\]$/.test(basename(file));
