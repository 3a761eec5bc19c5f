import { flow, param, task } from "millrace";

const greet = task("greet", (name: string) => `Hello, ${name}!`);
const join = task("join", (lines: readonly string[]) => lines.join("\n"));

export const hello = flow("hello", { params: { names: param(["Ada", "Grace", "Barbara"]) } }, (p) =>
  join(greet.map(p.names)),
);
