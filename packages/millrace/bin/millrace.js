#!/usr/bin/env node
// Committed, not built: npm links a bin only if the file exists when it installs.
import { existsSync } from "node:fs";
import module from "node:module";

// Node 20 has none. Compiled code is kept from one start to the next; it must be asked for before anything is loaded.
module.enableCompileCache?.();
if (existsSync(new URL("../dist/cli.js", import.meta.url))) await import("../dist/cli.js");
else {
  // In a clone that was never built.
  process.stderr.write("millrace is not built yet: npm run build\n");
  process.exitCode = 2;
}
