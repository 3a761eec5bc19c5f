// What a client says of nodes that have not come: it waits, costs nothing meanwhile, and is passed on in the order in which it was said.
import { IdRuns, type Naming, NodeNames } from "@millrace/distributed/seam";
import { expect, test } from "vitest";

const keep: Naming = { kind: "keep" };
const forget: Naming = { kind: "forget" };

function names(): { readonly names: NodeNames; readonly passed: [string, readonly number[]][] } {
  const passed: [string, readonly number[]][] = [];
  return { passed, names: new NodeNames((naming, nodes) => void passed.push([naming.kind, [...nodes]])) };
}

test("what is there is passed on at once, the rest when it comes, piece by piece", () => {
  const { names: n, passed } = names();
  n.say(keep, IdRuns.range(0, 6), 2);
  expect(passed.splice(0)).toEqual([["keep", [0, 1]]]);
  n.grown(2);
  expect(passed).toEqual([]);
  n.grown(3);
  n.grown(9);
  n.grown(20);
  expect(passed).toEqual([
    ["keep", [2]],
    ["keep", [3, 4, 5]],
  ]);
});

test("of one node what was said first is passed on first, however wide the runs are", () => {
  const { names: n, passed } = names();
  n.say(keep, IdRuns.of([7]), 0);
  n.say(forget, IdRuns.range(5, 10), 0);
  n.say({ kind: "cancel", reason: "x" }, IdRuns.of([6]), 0);
  n.say({ kind: "cancel", reason: "y" }, IdRuns.of([8]), 0);
  n.grown(9);
  expect(passed.splice(0)).toEqual([
    ["keep", [7]],
    ["forget", [5, 6, 7, 8]],
    ["cancel", [6]],
    ["cancel", [8]],
  ]);
  n.grown(100);
  expect(passed).toEqual([["forget", [9, 10, 11, 12, 13, 14]]]);
});

test("what waits and is not due is not looked at", () => {
  const { names: n, passed } = names();
  const many = 20_000;
  for (let node = 0; node < many; node++) n.say(keep, IdRuns.of([node]), 0);
  const before = Reflect.get(n, "ahead");
  let looked = 0;
  const { remove } = before;
  before.remove = (item: unknown): void => {
    looked++;
    Reflect.apply(remove, before, [item]);
  };
  for (let size = 1; size <= 100; size++) n.grown(size);
  expect(looked).toBe(100);
  expect(passed).toHaveLength(100);
});

test.each([
  ["twice", IdRuns.of([3, 3])],
  ["in two runs", new IdRuns([0, 2], [5, 6])],
])("a node that is named %s in one message is refused, also before it has come", (_, ids) => {
  expect(() => names().names.say(keep, ids, 0)).toThrow(expect.objectContaining({ code: "GRAPH_REFUSED" }));
});
