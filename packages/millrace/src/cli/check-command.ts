// Owns: `millrace check`.

import type { FlowProblem } from "@millrace/core";
import { errorText } from "./error-text.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import { knownParams } from "./flow-params.js";
import { openFlow } from "./open-flow.js";
import { parameterLines } from "./param-help.js";
import { errorDocument } from "./run-document.js";

export type CheckOptions = { readonly json?: true };

export async function checkCommand(target: string, options: CheckOptions): Promise<ExitCode> {
  try {
    const { flow } = await openFlow(target);
    const problems = flow.check();
    const isSound = problems.every(({ severity }) => severity === "warning");
    const parameters = isSound ? knownParams(flow) : [];
    if (options.json === true) printJson({ flow: flow.name, problems, parameters });
    else print([`The flow "${flow.name}".`, ...(isSound ? parameterLines(parameters) : []), ...problemLines(problems)]);
    return isSound ? EXIT.success : EXIT.invalid;
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    if (options.json === true) printJson({ flow: null, problems: [], parameters: [], errors: [errorDocument(error)] });
    return EXIT.invalid;
  }
}

function problemLines(problems: readonly FlowProblem[]): readonly string[] {
  if (problems.length === 0) return ["", "No problems."];
  return ["", ...problems.map(({ severity, code, message }) => `${severity} ${code}: ${message}`)];
}

const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join("\n")}\n`);
const printJson = (document: object): void => print([JSON.stringify(document, null, 2)]);
