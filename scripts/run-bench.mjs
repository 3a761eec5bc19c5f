// npm run -s bench -- NAME [--json]: runs bench/src/main.ts with these arguments.
import { bootstrap } from "./bootstrap.mjs";
import { runTool } from "./tools.mjs";
import { transpile } from "./transpile.mjs";

await bootstrap();
// Inside the bench workspace, where its own packages are found.
await transpile("bench/src", "bench/dist");
// A process of its own: what is measured shares nothing with esbuild.
process.exitCode = runTool("bench/dist/main.js", process.argv.slice(2)).status;
