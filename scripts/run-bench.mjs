// npm run -s bench -- NAME [--json]: runs bench/src/main.ts with these arguments.
import { bootstrap } from "./bootstrap.mjs";
import { runTool } from "./tools.mjs";
import { transpile } from "./transpile.mjs";

await bootstrap();
// Inside the bench workspace, where its own packages are found.
await transpile("bench/src", "bench/dist");
// What `threads-speed-up` measures; inside the examples, where their packages are found.
await transpile("examples/flights", "examples/dist/flights");
// A process of its own: what is measured shares nothing with esbuild.
process.exitCode = runTool("bench/dist/main.js", process.argv.slice(2)).status;
