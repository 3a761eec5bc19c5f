// npm run demo: runs the example flow with the command line as it is built, in threads if no executor is named.
import { bootstrap } from "./bootstrap.mjs";
import { runTool } from "./tools.mjs";

await bootstrap();
// Ctrl-C is the command line's to answer: it asks the tasks to stop. Without a listener this process would end before it.
process.on("SIGINT", () => {});
const given = process.argv.slice(2);
const namesOne = given.some((arg) => /^--(?:executor|concurrency|threads)(?:=|$)/.test(arg));
const args = ["run", "examples/flights/flow.ts", ...(namesOne ? [] : ["--executor", "threads"]), ...given];
process.exitCode = runTool("packages/millrace/bin/millrace.js", args).status;
