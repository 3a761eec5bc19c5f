// Owns: what authors of executors and runners test them with.

export { executorSuite } from "./executor-suite.js";
export type { RunnerUnderTest } from "./runner/driven-runner.js";
export { runnerSuite } from "./runner-suite.js";
export type { SuiteCase } from "./suite-case.js";
