// npm run demo: runs the example flow with the command line as it is built.
import { bootstrap } from "./bootstrap.mjs";
import { runTool } from "./tools.mjs";

await bootstrap();
// Ctrl-C is the command line's to answer: it asks the tasks to stop. Without a listener this process would end before it.
process.on("SIGINT", () => {});
const args = ["run", "examples/flights/flow.ts", ...process.argv.slice(2)];
process.exitCode = runTool("packages/millrace/bin/millrace.js", args).status;
