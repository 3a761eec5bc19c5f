// Owns: `millrace/testing`: suites for executors and runners of one's own, and clusters that misbehave from a seed.

export * from "@millrace/testing";
