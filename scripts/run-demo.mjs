// npm run demo: runs the example flow with the command line as it is built.
import { bootstrap } from "./bootstrap.mjs";
import { runTool } from "./tools.mjs";

await bootstrap();
const args = ["run", "examples/flights/flow.ts", ...process.argv.slice(2)];
process.exitCode = runTool("packages/millrace/bin/millrace.js", args).status;
