// Owns: `millrace check`.

import { type AnyFlow, type FlowProblem, InvalidGraph, type ParameterInfo, describeFlow } from "@millrace/core";
import { claimStdout } from "./claim-stdout.js";
import { errorTexts } from "@millrace/code";
import { errorText, withPlace } from "./error-text.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import { knownParams } from "./flow-params.js";
import { openFlow } from "./open-flow.js";
import { jsonProblem } from "./json-problem.js";
import { parameterLines } from "./param-help.js";
import { errorDocument } from "./run-document.js";
import { shownValue } from "./shown-value.js";

export type CheckOptions = { readonly json?: true };

export async function checkCommand(target: string, options: CheckOptions): Promise<ExitCode> {
  const writeJson = options.json === true ? claimStdout() : undefined;
  const printJson = (document: object): void => writeJson?.(`${JSON.stringify(document, null, 2)}\n`);
  try {
    const { flow } = await openFlow(target);
    const problems = flow.check();
    const isSound = problems.every(({ severity }) => severity === "warning");
    const parameters = isSound ? knownParams(flow) : [];
    const lines = [`The flow "${flow.name}".`, ...(isSound ? parameterLines(parameters) : [])];
    if (writeJson === undefined) process.stdout.write(`${[...lines, ...problemLines(flow, problems)].join("\n")}\n`);
    printJson({ flow: flow.name, problems, parameters: parameters.map(parameterDocument) });
    return isSound ? EXIT.success : EXIT.invalid;
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    printJson({ flow: null, problems: [], parameters: [], errors: [errorDocument(error)] });
    return EXIT.invalid;
  }
}

/** A default that JSON cannot say is there as people read it. */
function parameterDocument(info: ParameterInfo): object {
  if (info.defaultValue === undefined || jsonProblem(info.defaultValue) === undefined) return info;
  return { ...info, defaultValue: shownValue(info.defaultValue) };
}

function problemLines(flow: AnyFlow, problems: readonly FlowProblem[]): readonly string[] {
  if (problems.length === 0) return ["", "No problems."];
  return ["", ...problems.map((problem) => problemText(flow, problem))];
}

/** What stopped the flow's function has a line in it. */
function problemText(flow: AnyFlow, { severity, code, message }: FlowProblem): string {
  const text = `${severity} ${code}: ${message}`;
  if (severity === "warning") return text;
  try {
    describeFlow(flow);
    return text;
  } catch (error) {
    return error instanceof InvalidGraph ? text : withPlace(text, errorTexts(error));
  }
}
