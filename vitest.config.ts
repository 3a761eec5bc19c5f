import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(`./packages/${path}`, import.meta.url));

// Tests run against the sources; only test/e2e starts what is built.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@millrace\/core$/, replacement: source("executor-core/src/index.ts") },
      { find: /^@millrace\/core\/internal$/, replacement: source("executor-core/src/internal.ts") },
      { find: /^@millrace\/core\/pure$/, replacement: source("executor-core/src/pure.ts") },
      { find: /^@millrace\/core\/seam$/, replacement: source("executor-core/src/seam.ts") },
      { find: /^@millrace\/code$/, replacement: source("code/src/index.ts") },
      { find: /^@millrace\/local$/, replacement: source("executor-local/src/index.ts") },
      { find: /^@millrace\/distributed$/, replacement: source("executor-distributed/src/index.ts") },
      { find: /^@millrace\/distributed\/seam$/, replacement: source("executor-distributed/src/seam.ts") },
      { find: /^@millrace\/testing\/seam$/, replacement: source("testing/src/seam.ts") },
      { find: /^@millrace\/testing$/, replacement: source("testing/src/index.ts") },
      { find: /^millrace\/testing$/, replacement: source("millrace/src/testing.ts") },
      { find: /^millrace\/local$/, replacement: source("millrace/src/local.ts") },
      { find: /^millrace$/, replacement: source("millrace/src/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    reporters: ["default", "./scripts/plain-reporter.mjs"],
    pool: "forks",
    maxWorkers: 2,
    // A limit for what hangs, not for what is slow on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
