// Owns: in which source file's body a task was made, in a bundle and out of one.
// S1. Marks say which bodies were open, frames which code was running: of several open ones the innermost that ran.

import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Body, type Made, type Origin, madeAt } from "@millrace/core/seam";
import { rootOfBundle } from "./loaded-bundles.js";
import { isFile } from "./package-folder.js";
import { inSource } from "./source-place.js";

/** The body of a bundle; undefined: made elsewhere, or in a package that the bundle's body loads. */
export function bodyOf({ bodies }: Origin, made: Made): Body | undefined {
  const own = bodies.filter(({ bundle }) => fileURLToPath(bundle) === made.file);
  if (own.length < 2) return own[0];
  const running = new Set(made.frames.map((frame) => inSource(frame).file));
  return own.findLast((body) => running.has(fileOfBody(body))) ?? own.at(-1);
}

const fileOfBody = ({ bundle, source }: Body): string => resolve(rootOfBundle(bundle), source);

/** Absolute, links followed; undefined: in no body of a file. */
export function sourceOf(origin: Origin): { readonly file: string | undefined; readonly made: Made } {
  const made = madeAt(origin);
  const body = bodyOf(origin, made);
  const file = body === undefined ? made.file : fileOfBody(body);
  return { file: file !== undefined && isFile(file) ? realpathSync(file) : undefined, made };
}
