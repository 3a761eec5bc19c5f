// Turns a folder of TypeScript into JavaScript elsewhere, file by file and with the same names: a file that starts
// another by its path (a child process, a thread) finds it there. Imported packages are those that are built.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./bootstrap.mjs";

/** Writes the files of `from` to `to`, but for those that `skip` tells. What lies there is overwritten, not removed:
 * another run may be using it. */
export async function transpile(from, to, skip = () => false) {
  const esbuild = await import("esbuild");
  const files = readdirSync(join(root, from), { recursive: true });
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: files.filter((file) => file.endsWith(".ts") && !skip(file)).map((file) => join(from, file)),
    outbase: from,
    outdir: to,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    logLevel: "warning",
  });
}
