// Owns: what authors of executors and runners test them with.

export { HostileExecutor, type HostileOptions } from "./hostile/hostile-executor.js";
export { HOSTILE, type Hostility, RUDE } from "./hostile/hostility.js";
export { type ClusterFaults, FAULTS, NO_FAULTS } from "./simulator/faults.js";
export { SimulatedCluster, simulatedRunner, type SimulatedOptions } from "./simulator/simulated-cluster.js";
export { SimulatedExecutor } from "./simulator/simulated-executor.js";
export { type SeedReport, simulateSeed } from "./simulator/simulate-seed.js";
export { executorSuite } from "./executor-suite.js";
export type { RunnerUnderTest } from "./runner/driven-runner.js";
export { runnerSuite } from "./runner-suite.js";
export type { SuiteCase } from "./suite-case.js";
