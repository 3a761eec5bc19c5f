// Bundles each package's JavaScript into its dist. tsc writes only the declarations.
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** commander loads node:child_process, some 7 ms of each start, for subcommands that are programs of their own. */
const noChildProcess = {
  name: "no-child-process",
  setup(build) {
    build.onResolve({ filter: /^(node:)?child_process$/ }, ({ path, importer }) =>
      /[\\/]node_modules[\\/]commander[\\/]/.test(importer) ? { path, namespace: "no-child-process" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "no-child-process" }, () => ({
      contents: 'exports.spawn = () => { throw new Error("no command of millrace is a program of its own"); };',
    }));
  },
};

// The entries of a package go through one run, so that they share their modules as chunks and no class exists twice.
const bundles = [
  {
    folder: "packages/executor-core",
    entries: ["index.ts", "internal.ts", "pure.ts", "seam.ts"],
    options: { packages: "external" },
  },
  { folder: "packages/code", entries: ["index.ts"], options: { packages: "external" } },
  {
    folder: "packages/executor-local",
    entries: ["index.ts", "thread/main.ts"],
    options: { packages: "external" },
  },
  {
    folder: "packages/executor-distributed",
    entries: ["index.ts", "seam.ts"],
    options: { packages: "external" },
  },
  { folder: "packages/testing", entries: ["index.ts", "seam.ts", "suite-tasks.ts"], options: { packages: "external" } },
  {
    folder: "packages/millrace",
    entries: ["index.ts", "local.ts", "testing.ts", "cli.ts"],
    options: {
      // All but commander stay outside: inside the bundle it loads twice as fast, and every command begins with it.
      external: ["@millrace/*", "esbuild", "pino"],
      plugins: [noChildProcess],
      // commander is CommonJS and calls require, which a module does not have.
      banner: {
        js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
      },
    },
  },
];

// In dist, so that removing dist removes it too. It bears the time at which its build began.
const stampOf = (bundle) => join(root, bundle.folder, "dist/.built");

function changedAtMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Folders count as well: their time changes when a file goes away. */
function newestIn(folder) {
  const entries = readdirSync(folder, { recursive: true });
  return Math.max(changedAtMs(folder), ...entries.map((entry) => changedAtMs(join(folder, entry))));
}

export function isJsStale() {
  const scriptAtMs = changedAtMs(fileURLToPath(import.meta.url));
  return bundles.some((bundle) => {
    const changed = Math.max(scriptAtMs, newestIn(join(root, bundle.folder, "src")));
    return changedAtMs(stampOf(bundle)) < changed;
  });
}

/** Chunks bear a hash in their name: those of earlier builds would pile up. */
function removeOldOutputs(folder, metafile) {
  const written = new Set(Object.keys(metafile.outputs));
  for (const name of readdirSync(join(root, folder, "dist"))) {
    if (/\.js(\.map)?$/.test(name) && !written.has(`${folder}/dist/${name}`)) rmSync(join(root, folder, "dist", name));
  }
}

async function buildOne(esbuild, { folder, entries, options }) {
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => `${folder}/src/${entry}`),
    outdir: `${folder}/dist`,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    metafile: true,
    logLevel: "warning",
    ...options,
  });
  removeOldOutputs(folder, metafile);
}

export async function buildJs() {
  const startedAt = new Date();
  const esbuild = await import("esbuild");
  try {
    await Promise.all(bundles.map((bundle) => buildOne(esbuild, bundle)));
  } catch {
    console.error("build: esbuild failed; its messages are above");
    process.exit(1);
  }
  for (const stamp of bundles.map(stampOf)) {
    mkdirSync(join(stamp, ".."), { recursive: true });
    writeFileSync(stamp, "");
    utimesSync(stamp, startedAt, startedAt);
  }
}
