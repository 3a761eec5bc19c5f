// The planted bugs that the simulator has to catch: one line each, of a kind that really happened to somebody.
const core = "packages/executor-core/src/scheduler";
const cluster = "packages/executor-distributed/src";

export const mutants = [
  {
    name: "dropped-edge",
    file: `${core}/endings.ts`,
    find: "if (left === 0) s.agenda.nodes.push(node);",
    replace: "if (left <= 1) s.agenda.nodes.push(node);",
  },
  {
    name: "old-outcome-taken",
    file: `${core}/on-outcomes.ts`,
    find: "if (!s.isSent(row) || s.attempt(row) !== outcome.attempt) {",
    replace: "if (!s.isSent(row)) {",
  },
  {
    name: "lost-wake-up",
    file: `${cluster}/placement/state.ts`,
    find: "if (of.waiting > 0 || of.busy.size > 0) this.dirty.add(of);",
    replace: "if (of.waiting > 3 || of.busy.size > 0) this.dirty.add(of);",
  },
  {
    name: "stale-missing-remakes",
    file: `${core}/given-back.ts`,
    find: "if (s.attempt(row) !== attempt || isRowReleased(s, row)) return;",
    replace: "if (isRowReleased(s, row)) return;",
  },
  {
    name: "release-too-early",
    file: `${core}/value-lifetime.ts`,
    find: "if (left === 0 && s.isComplete(node)) s.agenda.addFree(node);",
    replace: "if (left <= 1 && s.isComplete(node)) { page.holds[node & PAGE_MASK] = 0; s.agenda.addFree(node); }",
  },
  {
    name: "double-release",
    file: `${core}/reholds.ts`,
    find: "(from) => unhold(s, from),",
    replace: "(from) => unhold(s, from, 2),",
  },
  {
    name: "begun-task-taken-back",
    file: `${cluster}/worker/state/worker-state.ts`,
    find: `if (row.state === "running") this.effects.push({ kind: "tellBegan", work: name });`,
    replace: "if (row.run.length === 0) return;",
  },
  {
    name: "waiter-forgotten",
    file: `${cluster}/worker/state/transfers.ts`,
    find: "transfer.wishers.add(wisher);",
    replace: "if (transfer.wishers.size === 0) transfer.wishers.add(wisher);",
  },
  {
    name: "resource-not-given-back",
    file: `${cluster}/placement/worker-row.ts`,
    find: "for (const [name, amount] of work.lane.of.amounts) this.changeFree(name, amount);\n    if (work.place",
    replace: "if (work.place",
  },
  {
    name: "stale-epoch-accepted",
    file: `${cluster}/session/line.ts`,
    find: "const isStale = epoch !== this.epoch;",
    replace: "const isStale = false;",
  },
];
