// Owns: from what stands on the command line to the flow: `FILE` or `FILE:NAME`, loaded with this Millrace.

import { existsSync } from "node:fs";
import { type Host, type LoadedFlow, loadFlow } from "@millrace/code";

/** This very copy is what a flow file gets for `millrace`. */
export const host: Host = { resolve: (specifier) => import.meta.resolve(specifier) };

export function openFlow(target: string): Promise<LoadedFlow> {
  const { file, exportName } = splitTarget(target);
  return loadFlow(file, host, exportName);
}

/** A file whose own name has a colon in it is meant as it stands. */
export function splitTarget(target: string): { readonly file: string; readonly exportName: string | undefined } {
  const [, file, exportName] = /^(.+):([\p{ID_Start}$_][\p{ID_Continue}$]*)$/u.exec(target) ?? [];
  if (file === undefined || existsSync(target)) return { file: target, exportName: undefined };
  return { file, exportName };
}
