// npm run demo: runs the example flow with the command line as it is built, in threads if no executor is named.
// With --compare: the same counting in sequence, in threads and by hand, side by side.
import { bootstrap } from "./bootstrap.mjs";
import { runTool } from "./tools.mjs";
import { transpile } from "./transpile.mjs";

await bootstrap();
// Ctrl-C is the command line's to answer: it asks the tasks to stop. Without a listener this process would end before it.
process.on("SIGINT", () => {});
const given = process.argv.slice(2);
if (given.includes("--compare")) {
  // Inside the examples, where their packages are found.
  await transpile("examples/flights", "examples/dist/flights");
  process.exitCode = runTool(
    "examples/dist/flights/compare/main.js",
    given.filter((arg) => arg !== "--compare"),
  ).status;
} else {
  const namesOne = given.some((arg) => /^--(?:executor|concurrency|threads)(?:=|$)/.test(arg));
  const args = ["run", "examples/flights/flow.ts", ...(namesOne ? [] : ["--executor", "threads"]), ...given];
  process.exitCode = runTool("packages/millrace/bin/millrace.js", args).status;
}
