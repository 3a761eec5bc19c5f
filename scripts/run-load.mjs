// npm run load -- [--seconds N] [--seed N]: runs test/load/main.ts with these arguments. Ten minutes if nothing is said.
import { bootstrap } from "./bootstrap.mjs";
import { runTool } from "./tools.mjs";
import { transpile } from "./transpile.mjs";

const place = "node_modules/.cache/millrace/test";

await bootstrap();
await transpile("test", place, (file) => /\.test(-d)?\.ts$/.test(file));
process.exitCode = runTool(`${place}/load/main.js`, process.argv.slice(2)).status;
