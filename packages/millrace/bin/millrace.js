#!/usr/bin/env node
// Committed, not built: npm links a bin only if the file exists when it installs.
import module from "node:module";

// Node 20 has none. Compiled code is kept from one start to the next; it must be asked for before anything is loaded.
module.enableCompileCache?.();
await import("../dist/cli.js");
