// docs/values.md is made of the value table: to write it anew, run this file with MILLRACE_WRITE_DOCS=1.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { NotSerialisable } from "@millrace/core";
import { encodeValue } from "@millrace/core/internal";
import { expect, test } from "vitest";
import { makeValue, type Row, sharedMemory, valueTable } from "../../support/value-table.js";

const page = fileURLToPath(new URL("../../../docs/values.md", import.meta.url));
const marker = "<!-- The tables below are made by test/unit/values/docs.test.ts. -->\n";

const cell = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;

function fateOf([code, expected]: Row): string {
  if (expected === "same") return "the same";
  try {
    encodeValue(makeValue(code));
  } catch (error) {
    if (error instanceof NotSerialisable) return `refused: ${error.message.replaceAll("|", "\\|")}`;
  }
  return expect.fail(`${code} was not refused`);
}

function tables(): string {
  const groups = valueTable.map(
    ({ title, rows }) => [title, rows.map((row) => `| ${cell(row[0])} | ${fateOf(row)} |`)] as const,
  );
  const memory = sharedMemory.map(
    (code) => `| ${cell(code)} | the same memory inside one process; refused beyond it |`,
  );
  return [...groups, ["Shared memory", memory] as const]
    .map(([title, rows]) => `\n## ${title}\n\n| value | on the other side |\n|---|---|\n${rows.join("\n")}\n`)
    .join("");
}

test("the page says of each value what becomes of it", () => {
  const written = readFileSync(page, "utf8");
  const head = written.slice(0, written.indexOf(marker) + marker.length);
  const made = head + tables();
  if (process.env["MILLRACE_WRITE_DOCS"] === "1") writeFileSync(page, made);
  else expect(written).toBe(made);
});
