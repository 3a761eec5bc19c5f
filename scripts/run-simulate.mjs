// npm run simulate -- --seeds N: runs test/simulate/main.ts with these arguments, bundled from the sources.
// --mutants: once for each planted bug of scripts/mutants.mjs, which stands in that bundle alone; each has to be caught.
import { bootstrap, root } from "./bootstrap.mjs";
import { bundleSimulator } from "./bundle-simulator.mjs";
import { mutants } from "./mutants.mjs";
import { runTool } from "./tools.mjs";

const place = "node_modules/.cache/millrace/simulate";
const given = process.argv.slice(2);

async function runMutants(args) {
  let survived = 0;
  for (const mutant of mutants) {
    await bundleSimulator(`${place}/${mutant.name}`, mutant);
    const { status, output } = runTool(`${place}/${mutant.name}/main.mjs`, ["--stop", ...args], "pipe");
    const [first] = output.split("\n").filter((line) => /^seed \d+:|Error/.test(line));
    if (status === 0) survived++;
    console.log(`${mutant.name}: ${status === 0 ? "SURVIVED" : `caught (${(first ?? "").slice(0, 100)})`}`);
  }
  console.log(`${mutants.length - survived} caught, ${survived} survived`);
  return survived === 0 ? 0 : 1;
}

await bootstrap();
if (given.includes("--mutants")) process.exitCode = await runMutants(given.filter((arg) => arg !== "--mutants"));
else {
  await bundleSimulator(`${place}/plain`);
  process.exitCode = runTool(`${root}${place}/plain/main.mjs`, given).status;
}
