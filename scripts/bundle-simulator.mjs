// Bundles the simulator from the sources of all packages, with a planted bug if one is given: what is shipped knows of none.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "./bootstrap.mjs";

const entries = {
  "@millrace/core": "packages/executor-core/src/index.ts",
  "@millrace/core/pure": "packages/executor-core/src/pure.ts",
  "@millrace/core/seam": "packages/executor-core/src/seam.ts",
  "@millrace/distributed": "packages/executor-distributed/src/index.ts",
  "@millrace/distributed/seam": "packages/executor-distributed/src/seam.ts",
  "@millrace/testing": "packages/testing/src/index.ts",
  "@millrace/testing/seam": "packages/testing/src/seam.ts",
};

function planted({ file, find, replace }) {
  const path = resolve(root, file);
  const source = readFileSync(path, "utf8");
  if (source.split(find).length !== 2) throw new Error(`${file} does not hold exactly once: ${find}`);
  return { path, contents: source.replace(find, () => replace) };
}

const plugin = (bug) => ({
  name: "sources",
  setup(build) {
    build.onResolve({ filter: /^@millrace\// }, ({ path }) => ({ path: join(root, entries[path]) }));
    if (bug === undefined) return;
    build.onLoad({ filter: /\.ts$/ }, ({ path }) =>
      path === bug.path ? { contents: bug.contents, loader: "ts" } : undefined,
    );
  },
});

export async function bundleSimulator(place, mutant) {
  const esbuild = await import("esbuild");
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: { main: "test/simulate/main.ts" },
    outdir: place,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    external: ["@dagrejs/graphlib"],
    logLevel: "warning",
    plugins: [plugin(mutant === undefined ? undefined : planted(mutant))],
  });
}
