// Owns: `millrace/testing`: suites for executors and runners of one's own.

export { executorSuite, type RunnerUnderTest, runnerSuite, type SuiteCase } from "@millrace/testing";
