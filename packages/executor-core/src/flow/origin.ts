// Owns: in which module's body a task was made, by the stack of the call that made it (D7).
// Does not own: bundles, whose frames no longer tell: they mark their bodies (`module-loads`).
// O1. Making a task costs a captured stack and no more: it is read when somebody asks, which a run in the process never does.
// O2. A helper that makes tasks makes them for the module whose body calls it: that body makes them again wherever it runs.

import { fileURLToPath } from "node:url";
import type { Body, Origin } from "../work/task-origin.js";
import { moduleLoads } from "./module-loads.js";

/** More than a module body calls before it makes a task. */
const FRAMES = 50;

/** As the engine names it: of a bundle or of a transpiled file it is not the source's. */
export type MadePlace = { readonly file: string; readonly line: number; readonly column: number };
export type Made = {
  /** In whose body it was made; undefined: in a function that was called later, or in no file. */
  readonly file: string | undefined;
  /** The call of `task`. */
  readonly place: MadePlace | undefined;
  /** From that call down to the body, in the user's code. */
  readonly frames: readonly MadePlace[];
};
const NO_BODIES: readonly Body[] = Object.freeze([]);

/** `maker`: the function whose caller counts. */
export function captureOrigin(maker: (...args: never) => unknown): Origin {
  const limit = Error.stackTraceLimit;
  const trace = {};
  Error.stackTraceLimit = FRAMES;
  Error.captureStackTrace(trace, maker);
  Error.stackTraceLimit = limit;
  const { bodies } = moduleLoads;
  return { trace, bodies: bodies.length === 0 ? NO_BODIES : [...bodies] };
}

/** Where the innermost module body stands that was running. */
export function madeAt({ trace }: Origin): Made {
  const frames: MadePlace[] = [];
  const made = (isInBody: boolean): Made => {
    return { file: isInBody ? frames.at(-1)?.file : undefined, place: frames[0], frames };
  };
  for (const site of sitesOf(trace)) {
    const kind = kindOf(site);
    if (kind === "user") frames.push(placeOf(site));
    else if (kind !== "native") return made(kind === "loader");
  }
  // A body that awaited has nothing below it any more.
  return made(true);
}

/** Without anybody's own way of writing stacks; it is put back. */
function sitesOf(trace: object): readonly NodeJS.CallSite[] {
  const own = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  Error.prepareStackTrace = (_error, sites) => sites;
  try {
    const sites: unknown = Reflect.get(trace, "stack");
    return Array.isArray(sites) ? sites : [];
  } finally {
    if (own === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Object.defineProperty(Error, "prepareStackTrace", own);
  }
}

/** Parts of Node, tsx and Vite that evaluate modules. */
const loader =
  /^node:internal\/(?:modules|process\/(?:esm_loader|execution)|vm)\b|\/node_modules\/(?:tsx|vite|vite-node|vitest)\/dist\/(?!.*runners?\.)/;

function kindOf(site: NodeJS.CallSite): "native" | "loader" | "runtime" | "user" {
  const name = site.getFileName();
  if (name === null || name === undefined || name === "") return "native";
  // Behind it stand the callers that await what goes on here.
  if (name === "node:internal/process/task_queues") return "native";
  if (loader.test(name)) return "loader";
  return name.startsWith("/") || name.startsWith("file:") ? "user" : "runtime";
}

function fileOf(site: NodeJS.CallSite): string {
  const name = (site.getFileName() ?? "").replace(/\?.*$/, "");
  return name.startsWith("file:") ? fileURLToPath(name) : name;
}

const placeOf = (site: NodeJS.CallSite): MadePlace => ({
  file: fileOf(site),
  line: site.getLineNumber() ?? 1,
  column: site.getColumnNumber() ?? 1,
});
