// npm run format: writes every file as the gate wants it.
import { ensureInstalled } from "./bootstrap.mjs";
import { runTool } from "./tools.mjs";

ensureInstalled();
process.exitCode = runTool("biome", ["format", "--write", "."]).status;
