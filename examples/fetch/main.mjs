// Serves pages on a free port of this machine and runs the flow against them with the command line.
// Further arguments go to it: `node examples/fetch/main.mjs --json`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const millrace = fileURLToPath(new URL("../bin/millrace.js", import.meta.resolve("millrace")));
const flow = fileURLToPath(new URL("flow.ts", import.meta.url));

const asked = new Set();

const server = createServer((request, response) => {
  const number = Number(request.url?.split("/").at(-1));
  // Every twentieth page is busy when it is asked for the first time: the flow's retries see to it.
  const isBusy = number % 20 === 0 && !asked.has(number);
  asked.add(number);
  response.statusCode = isBusy ? 503 : 200;
  response.end(isBusy ? "busy" : "word ".repeat(number + 1));
});

server.listen(0, "127.0.0.1");
await once(server, "listening");
const base = `http://127.0.0.1:${server.address().port}`;
const run = spawn(process.execPath, [millrace, "run", flow, "--param", `base=${base}`, ...process.argv.slice(2)], {
  stdio: "inherit",
});
// Ctrl-C is the command line's to answer.
process.on("SIGINT", () => {});
const [exitCode] = await once(run, "exit");
server.close();
process.exitCode = exitCode ?? 1;
