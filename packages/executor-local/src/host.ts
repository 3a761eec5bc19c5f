// Owns: the copy of Millrace that bundles and threads of this process use: the one beside this package.

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { Host } from "@millrace/code";

const require = createRequire(import.meta.url);

export const host: Host = {
  resolve: (specifier) => pathToFileURL(require.resolve(specifier)).href,
};

/** What a thread runs. By the package's own name: it is the built one from wherever this file is run. */
export const threadFile = (): string => require.resolve("@millrace/local/thread");
