// npm run build: the JavaScript of each package by esbuild, the declarations by tsc.
import { ensureInstalled } from "./bootstrap.mjs";
import { buildJs } from "./build-js.mjs";
import { runTool } from "./tools.mjs";

ensureInstalled();
await buildJs();
process.exitCode = runTool("tsc", ["-b"]).status;
