// `npm run values` checks as many more as it is asked for.
import { expect, test } from "vitest";
import { failingCase } from "../../support/value-property.js";

test("arbitrary values come back the same, whole and in parts", () => {
  expect(failingCase(3_000, 6)).toBeUndefined();
}, 60_000);
