// Owns: `millrace graph`.

import type { FlowDrawing } from "@millrace/core";
import { claimStdout } from "./claim-stdout.js";
import { dotText } from "./dot-text.js";
import { errorText } from "./error-text.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import { openFlow } from "./open-flow.js";

export type GraphOptions = { readonly format: "dot" | "json" };

export async function graphCommand(target: string, { format }: GraphOptions): Promise<ExitCode> {
  const write = claimStdout();
  try {
    const { flow } = await openFlow(target);
    const drawing = await flow.graph();
    write(format === "dot" ? dotText(drawing) : `${JSON.stringify(graphDocument(drawing), null, 2)}\n`);
    return EXIT.success;
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    return EXIT.invalid;
  }
}

/** The form in which graphlib's own `json.write` gives a graph, and `json.read` takes it. */
export function graphDocument(drawing: FlowDrawing): object {
  return {
    options: { directed: drawing.isDirected(), multigraph: drawing.isMultigraph(), compound: drawing.isCompound() },
    nodes: drawing.nodes().map((v) => ({ v, value: drawing.node(v) })),
    edges: drawing.edges().map((edge) => ({ ...edge, value: drawing.edge(edge) })),
    value: drawing.graph(),
  };
}
