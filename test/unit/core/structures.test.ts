// Small structures of the scheduler against naive ones.
import {
  BitTree,
  FlowGraph,
  metaOf,
  nodeId,
  ReadyQueue,
  RetryTimers,
  type TaskSpec,
  topologicalOrder,
} from "@millrace/core/internal";
import { Graph, alg } from "@dagrejs/graphlib";
import fc from "fast-check";
import { expect, test } from "vitest";

const spec: TaskSpec = {
  kind: "task",
  name: "t",
  tags: [],
  fn: () => undefined,
  made: { name: "noop", origin: { trace: {}, bodies: [] } },
  args: [],
  retry: { retries: 0, delayMs: 0 },
  timeoutMs: undefined,
  rerun: "never",
  trigger: undefined,
  skipOnUpstreamSkip: undefined,
  mapped: false,
  maxConcurrency: undefined,
  maxOpenPipelines: undefined,
};

test("a bit tree is a set that knows its least member", () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(5000)), { maxLength: 300 });
  fc.assert(
    fc.property(steps, (given) => {
      const tree = new BitTree(5001);
      const naive = new Set<number>();
      for (const [add, member] of given) {
        if (add) {
          tree.add(member);
          naive.add(member);
        } else {
          tree.delete(member);
          naive.delete(member);
        }
        expect(tree.least()).toBe(naive.size === 0 ? -1 : Math.min(...naive));
        expect(tree.size).toBe(naive.size);
        expect(tree.has(member)).toBe(naive.has(member));
      }
    }),
  );
});

test("the ready queue gives the deepest first and the oldest among equals [MAP-7]", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(6)), { maxLength: 200 }), (steps) => {
      const queue = new ReadyQueue();
      let naive: { node: number; depth: number }[] = [];
      let next = 0;
      for (const depth of steps) {
        if (depth !== null) {
          queue.push(next, depth);
          naive.push({ node: next++, depth });
          continue;
        }
        const best = [...naive].sort((a, b) => b.depth - a.depth || a.node - b.node)[0];
        expect(queue.peek()).toBe(best?.node ?? -1);
        if (best === undefined) continue;
        queue.drop();
        naive = naive.filter((entry) => entry !== best);
      }
      expect(queue.empty).toBe(naive.length === 0);
    }),
  );
});

test("timers come in the order of their times", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), (times) => {
      const timers = new RetryTimers();
      for (const [row, time] of times.entries()) timers.add(time, row);
      expect(timers.nextMs).toBe(times.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...times));
      const taken: number[] = [];
      for (let due = timers.takeDue(25); due !== undefined; due = timers.takeDue(25)) taken.push(due.dueMs);
      expect(taken).toEqual(times.filter((time) => time <= 25).sort((a, b) => a - b));
      expect(timers.size).toBe(times.length - taken.length);
    }),
  );
});

/** Node ids are shuffled, so that edges go both ways through the ids. */
const randomEdges = fc
  .integer({ min: 1, max: 30 })
  .chain((size) =>
    fc.tuple(fc.constant(size), fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: size * 2 })),
  );

test("order and cycles agree with graphlib on 200 random graphs [FLOW-5]", () => {
  fc.assert(
    fc.property(randomEdges, ([size, pairs]) => {
      const graph = new FlowGraph();
      const oracle = new Graph();
      for (let node = 0; node < size; node++) {
        const froms = new Set(pairs.filter(([, to]) => to === node).map(([from]) => from));
        graph.addNode(
          spec,
          [],
          [...froms].map((from) => ({ from: nodeId(from), flags: 0 })),
        );
        oracle.setNode(String(node));
        for (const from of froms) oracle.setEdge(String(from), String(node));
      }
      const found = topologicalOrder(graph);
      expect("order" in found).toBe(alg.isAcyclic(oracle));
      if ("cycle" in found) {
        expect(found.cycle.length).toBeGreaterThan(1);
        expect(found.cycle[0]).toBe(found.cycle.at(-1));
        for (let i = 1; i < found.cycle.length; i++)
          expect(oracle.hasEdge(String(found.cycle[i - 1]), String(found.cycle[i]))).toBe(true);
        return;
      }
      const place = new Map([...found.order].map((node, i) => [node, i]));
      expect(place.size).toBe(size);
      for (const { v, w } of oracle.edges()) expect(place.get(Number(v)) ?? 0).toBeLessThan(place.get(Number(w)) ?? -1);
    }),
    { numRuns: 200 },
  );
});

test("what is known of a value without having it", () => {
  expect(metaOf([1, 2])).toEqual({ length: 2, truthy: true });
  expect(metaOf("")).toEqual({ length: -1, truthy: false });
  expect(metaOf("ab")).toEqual({ length: -1, truthy: true });
  expect(metaOf({ length: 3 })).toEqual({ length: -1, truthy: true });
});
