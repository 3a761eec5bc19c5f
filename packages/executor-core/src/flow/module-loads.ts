// Owns: what all copies of Millrace in a thread know of modules that are loaded for their tasks, and of the module bodies of
//       bundles that run now. Does not own: loading (`@millrace/code`), where a task was made (`origin`).
// M1. While a module loads, no run starts: what it would await never comes, and the load is over as soon as it asks (D7).
// M2. What a load began stays part of it, timers and all: a module that starts a run every minute starts none in a thread.

import { AsyncLocalStorage } from "node:async_hooks";
import type { Body, Origin } from "../work/task-origin.js";

export type LoadedTask = { readonly name: string; readonly fn: unknown; readonly origin: Origin };

/** A module that is loaded for its tasks. */
export interface ModuleLoad {
  readonly tasks: LoadedTask[];
  /** It asked for a run: nothing more is to be expected. */
  reached(): void;
}

export interface ModuleLoads {
  /** Those that run, outermost first. Bodies that await run in turns, and one that threw stays: which is whose is asked of stacks. */
  readonly bodies: Body[];
  readonly current: AsyncLocalStorage<ModuleLoad>;
  /** Called by bundles: `bundle` is an URL. */
  begin(bundle: string, source: string): void;
  end(bundle: string, source: string): void;
}

/** Written into bundles too. */
const KEY = Symbol.for("millrace/1/modules");

function isModuleLoads(value: unknown): value is ModuleLoads {
  return typeof value === "object" && value !== null && "bodies" in value && "current" in value;
}

function openLoads(): ModuleLoads {
  const found: unknown = Reflect.get(globalThis, KEY);
  if (isModuleLoads(found)) return found;
  const bodies: Body[] = [];
  const made: ModuleLoads = {
    bodies,
    current: new AsyncLocalStorage(),
    begin: (bundle, source) => void bodies.push({ bundle, source }),
    end: (bundle, source) => {
      const at = bodies.findLastIndex((body) => body.bundle === bundle && body.source === source);
      if (at >= 0) bodies.splice(at, 1);
    },
  };
  Object.defineProperty(globalThis, KEY, { value: made });
  return made;
}

export const moduleLoads = openLoads();
