// Owns: `millrace/testing`: suites for executors and runners of one's own, and clusters that misbehave from a seed.

export {
  type ClusterFaults,
  executorSuite,
  FAULTS,
  HOSTILE,
  HostileExecutor,
  type HostileOptions,
  type Hostility,
  NO_FAULTS,
  RUDE,
  type RunnerUnderTest,
  runnerSuite,
  type SeedReport,
  SimulatedCluster,
  SimulatedExecutor,
  type SimulatedOptions,
  simulatedRunner,
  simulateSeed,
  type SuiteCase,
} from "@millrace/testing";
