import { readFileSync } from "node:fs";
import * as core from "@millrace/core";
import * as millrace from "millrace";
import { expect, it } from "vitest";

const source = (path: string): string => readFileSync(new URL(`../../../packages/${path}`, import.meta.url), "utf8");

/** Names that a file exports as types, in whichever lists they stand. */
function typesIn(text: string): string[] {
  const lists = [...text.matchAll(/export (type )?\{([^}]*)\} from/g)];
  return lists
    .flatMap(([, isType, list = ""]) => list.split(",").map((name) => (isType ? `type ${name.trim()}` : name.trim())))
    .filter((name) => /^type \w/.test(name))
    .toSorted();
}

it("millrace gives every value that @millrace/core gives, and the same one", () => {
  expect({ ...millrace }).toEqual({ ...core });
});

it("millrace gives every type that @millrace/core gives", () => {
  const types = typesIn(source("executor-core/src/index.ts"));
  expect(types).toContain("type Flow");
  expect(typesIn(source("millrace/src/index.ts"))).toEqual(types);
});
