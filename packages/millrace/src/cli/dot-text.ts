// Owns: a flow's graph in the language of Graphviz.

import type { DrawnEdge, DrawnNode, FlowDrawing } from "@millrace/core";

/** Tasks are boxes, mapped ones doubled; what Millrace itself does between them is small and round. */
export function dotText(drawing: FlowDrawing): string {
  const nodes = drawing.nodes().map((slug) => `  ${quoted(slug)} ${attributes(nodeLook(slug, drawing.node(slug)))};`);
  const edges = drawing.edges().map((edge) => {
    const look = edgeLook(drawing.edge(edge));
    return `  ${quoted(edge.v)} -> ${quoted(edge.w)} ${attributes(look)};`;
  });
  const head = [`digraph ${quoted(drawing.graph()?.flow ?? "flow")} {`, "  rankdir=LR;"];
  return [...head, ...nodes, ...edges, "}", ""].join("\n");
}

type Look = Readonly<Record<string, string>>;

function nodeLook(slug: string, node: DrawnNode | undefined): Look {
  if (node?.kind === "task") return { label: slug, shape: "box", ...(node.mapped ? { peripheries: "2" } : {}) };
  if (node?.kind === "parameter") return { label: node.name, shape: "ellipse" };
  return { label: node?.name ?? slug, shape: "ellipse", fontsize: "10" };
}

/** Dashed: it is waited for, but no value passes. */
function edgeLook(edge: DrawnEdge | undefined): Look {
  const label = [edge?.argument ?? "", edge?.mapped === true ? "each" : ""].filter((part) => part !== "").join(" ");
  return { ...(label === "" ? {} : { label }), ...(edge?.data === false ? { style: "dashed" } : {}) };
}

const attributes = (look: Look): string => {
  const all = Object.entries(look).map(([name, value]) => `${name}=${quoted(value)}`);
  return all.length === 0 ? "" : `[${all.join(", ")}]`;
};

const quoted = (text: string): string =>
  `"${text.replace(/[\\"]/g, String.raw`\$&`).replaceAll("\n", String.raw`\n`)}"`;
