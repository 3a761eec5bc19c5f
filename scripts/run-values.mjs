// npm run values [-- --cases N] [--seed N]: runs test/values/main.ts with these arguments.
import { bootstrap } from "./bootstrap.mjs";
import { runTool } from "./tools.mjs";
import { transpile } from "./transpile.mjs";

const place = "node_modules/.cache/millrace/test";

await bootstrap();
// What the tests share goes along, but not the tests: those are vitest's.
await transpile("test", place, (file) => /\.test(-d)?\.ts$/.test(file));
process.exitCode = runTool(`${place}/values/main.js`, process.argv.slice(2)).status;
