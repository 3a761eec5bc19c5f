// Owns: knowing that a task has begun, in whatever thread or process of this machine it runs: by a file that it makes.

import { existsSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { turns } from "./suite-case.js";

let made = 0;

/** The path of a file that is not there. */
export const notBegun = (): string => join(tmpdir(), `millrace-begun-${process.pid}-${performance.now()}-${++made}`);

/** In the task. */
export const begins = (path: string): void => writeFileSync(path, "");

export async function begun(path: string): Promise<void> {
  while (!existsSync(path)) await turns();
  rmSync(path);
}
