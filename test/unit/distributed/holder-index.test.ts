import { nameKey } from "@millrace/distributed/seam";
import { SeededRandom } from "@millrace/testing/seam";
import { expect, test } from "vitest";
import { HolderIndex } from "../../../packages/executor-distributed/src/worker/state/holder-index.js";

test.each([1, 2, 3, 4])(
  "Holders of a value are those of which a range has it, in the order of telling: seed %i",
  (seed) => {
    const random = new SeededRandom(seed);
    const told = Array.from({ length: 200 }, () => ({
      worker: random.below(9),
      first: random.below(300),
      count: 1 + (random.chance(0.1) ? random.below(200) : random.below(4)),
      attempt: 1 + random.below(3),
    }));
    const index = new HolderIndex(told);
    for (let taskRun = 0; taskRun < 510; taskRun++) {
      for (let attempt = 1; attempt < 5; attempt++) {
        const has = ({ first, count, attempt: of }: (typeof told)[number]): boolean =>
          of === attempt && first <= taskRun && taskRun < first + count;
        expect(index.of(nameKey(taskRun, attempt))).toEqual(told.filter(has).map(({ worker }) => worker));
      }
    }
  },
);
