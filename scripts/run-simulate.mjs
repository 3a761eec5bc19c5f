// npm run simulate -- --seeds N: runs test/simulate/main.ts with these arguments, bundled from the sources.
// --mutants: once for each planted bug of scripts/mutants.mjs, which stands in that bundle alone; each has to be caught.
import { spawnSync } from "node:child_process";
import { bootstrap, root } from "./bootstrap.mjs";
import { bundleSimulator } from "./bundle-simulator.mjs";
import { mutants } from "./mutants.mjs";
import { runTool } from "./tools.mjs";

const place = "node_modules/.cache/millrace/simulate";
const given = process.argv.slice(2);

/** Of the sources that are run, where there is a repository. */
function commit() {
  const { status, stdout } = spawnSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" });
  return status === 0 ? stdout.trim() : "";
}

async function runMutants(args) {
  let survived = 0;
  const wanted = args.filter((arg) => mutants.some(({ name }) => name === arg));
  const options = args.filter((arg) => !wanted.includes(arg));
  const [first = "--"] = options;
  if (!first.startsWith("--")) {
    console.error(`no planted bug is called ${first}. There are ${mutants.map(({ name }) => name).join(", ")}`);
    return 2;
  }
  for (const mutant of mutants) {
    if (wanted.length > 0 && !wanted.includes(mutant.name)) continue;
    await bundleSimulator(`${place}/${mutant.name}`, mutant);
    const { status, output } = runTool(`${place}/${mutant.name}/main.mjs`, ["--stop", ...options], "pipe");
    // Only a seed that found something is a catch: a command that was written wrong ends badly as well.
    const first = output.split("\n").find((line) => /^seed \d+: /.test(line));
    if (status !== 0 && first === undefined) throw new Error(`${mutant.name}: no seed ended badly, and yet: ${output}`);
    if (status === 0) survived++;
    console.log(`${mutant.name}: ${status === 0 ? "SURVIVED" : `caught (${first.slice(0, 100)})`}`);
  }
  console.log(`${(wanted.length || mutants.length) - survived} caught, ${survived} survived`);
  return survived === 0 ? 0 : 1;
}

await bootstrap();
if (given.includes("--mutants")) process.exitCode = await runMutants(given.filter((arg) => arg !== "--mutants"));
else {
  await bundleSimulator(`${place}/plain`);
  process.exitCode = runTool(`${root}${place}/plain/main.mjs`, [...given, "--commit", commit()]).status;
}
