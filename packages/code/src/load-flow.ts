// Owns: from the name of a file to the flow in it.

import { resolve } from "node:path";
import type { AnyFlow } from "@millrace/core";
import { findFlow } from "./flow-exports.js";
import type { Host } from "./host.js";
import { loadModule } from "./load-module.js";

export type LoadedFlow = {
  readonly flow: AnyFlow;
  readonly exportName: string;
  /** Absolute. */
  readonly file: string;
};

/** Loads a file, which runs it as a module, and finds the flow it exports. Everything wrong is a `CodeError`. */
export async function loadFlow(file: string, host: Host, exportName?: string): Promise<LoadedFlow> {
  const module = await loadModule(resolve(file), host);
  return { ...findFlow(module.file, module.exports, exportName), file: module.file };
}
