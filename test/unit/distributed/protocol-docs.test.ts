// docs/PROTOCOL.md lists what the tables say: to write the lists anew, run this file with MILLRACE_WRITE_DOCS=1.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  COLUMNS_BYTES_MAX,
  CONTROL_BYTES_MAX,
  describeKinds,
  FAILURE_DEPTH_MAX,
  HEAD_BYTES,
  ID_END,
  PROTOCOL_VERSION,
  ROWS_MAX,
  SLOTS_MAX,
  VALUES_MAX,
  SESSION_BYTES_MAX,
  TEXT_MAX,
  TREE_DEPTH_MAX,
} from "@millrace/distributed/seam";
import { expect, test } from "vitest";

const page = fileURLToPath(new URL("../../../docs/PROTOCOL.md", import.meta.url));
const marker = "<!-- What follows is made by test/unit/distributed/protocol-docs.test.ts. -->\n";

const limits: readonly (readonly [string, number])[] = [
  ["version of the protocol", PROTOCOL_VERSION],
  ["bytes of a head", HEAD_BYTES],
  ["bytes of a body: session", SESSION_BYTES_MAX],
  ["bytes of a body: control", CONTROL_BYTES_MAX],
  ["bytes of a body: columns and pieces", COLUMNS_BYTES_MAX],
  ["rows of one batch", ROWS_MAX],
  ["ids are below", ID_END],
  ["values of all ranges of a list", VALUES_MAX],
  ["slots of a worker", SLOTS_MAX],
  ["levels of a tree", TREE_DEPTH_MAX],
  ["causes of a failure", FAILURE_DEPTH_MAX],
  ["characters of a text", TEXT_MAX],
];

function made(): string {
  const table = limits.map(([name, value]) => `| ${name} | ${value} |`).join("\n");
  const ways = describeKinds().map(({ way, kinds }) => {
    const rows = kinds.map(
      ({ code, kind, bytesMax, says, fields }) =>
        `### ${code} \`${kind}\`\n\n${says} At most ${bytesMax} bytes.\n${fields === "" ? "" : `\n${fields}\n`}`,
    );
    return `\n## ${way}\n\n${rows.join("\n")}`;
  });
  return `\n## Limits\n\n| of | at most |\n|---|---|\n${table}\n${ways.join("")}`;
}

test("the page says of each kind its code, its cap and its fields", () => {
  const written = readFileSync(page, "utf8");
  const whole = written.slice(0, written.indexOf(marker) + marker.length) + made();
  if (process.env["MILLRACE_WRITE_DOCS"] === "1") writeFileSync(page, whole);
  else expect(written).toBe(whole);
});
