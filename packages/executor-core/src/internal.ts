// Owns: the test seam: what tests and benches of this repository look at. Not public, not stable, no part of the API.

export { answer } from "./attempt/answers.js";
export { AttemptContext } from "./attempt/context.js";
export { begin, endedWithError, endedWithValue } from "./attempt/run-attempt.js";
export { coreOf } from "./flow/flow-info.js";
export { EDGE, type EdgeInput, FlowGraph } from "./graph/flow-graph.js";
export type { TaskSpec } from "./graph/node-spec.js";
export { topologicalOrder } from "./graph/order.js";
export { LocalRunner } from "./executors/local-runner.js";
export { ResultMissing, ResultReleased } from "./run/result-errors.js";
export type { Clock } from "./run/clock.js";
export { ExecutorOver } from "./run/executor-over.js";
export type { Change, Explanation, GraphChunk, RunLink, RunRequest, ValueReader } from "./run/executor.js";
export { realClock } from "./run/real-clock.js";
export type { RunnerHost } from "./run/runner.js";
export { BitTree } from "./scheduler/bit-tree.js";
export type { Effect } from "./scheduler/effects.js";
export type { SchedulerEvent } from "./scheduler/events.js";
export { explain } from "./scheduler/explain.js";
export { FlowScheduler } from "./scheduler/flow-scheduler.js";
export { ReadyQueue } from "./scheduler/ready-queue.js";
export { RetryTimers } from "./scheduler/retry-timers.js";
export { stateHash } from "./scheduler/state-hash.js";
export { validate } from "./scheduler/validate.js";
export { SealedPage, StatePage } from "./states/state-page.js";
export { IllegalTransition, isLegal } from "./states/transitions.js";
export { judge, Tally } from "./states/triggers.js";
export { type Caps, DEFAULT_CAPS } from "./values/codec/caps.js";
export {
  type DecodeOptions,
  type EncodedValue,
  type EncodeOptions,
  decodeValue,
  encodeValue,
} from "./values/codec/codec.js";
export { encodeInParts } from "./values/codec/encode-parts.js";
export { elementOf, lengthOfParts, rangeOf } from "./values/codec/list-parts.js";
export { failureDataOf } from "./values/error-data.js";
export { errorOfFailure, travelling } from "./values/failure-travel.js";
export { LocalValues, type RunValues } from "./values/value-store.js";
export { flowRunId, type NodeId, nodeId, PAGE_ROWS, taskRunId } from "./work/ids.js";
export { STATE, stateName } from "./work/kinds.js";
export { type OutcomeBatch, OutcomeRange, SingleOutcome } from "./work/outcome.js";
export type { Trigger } from "./work/policies.js";
export { metaOf } from "./work/value-meta.js";
export type { GraphTree } from "./work/value-tree.js";
export { type WorkBatch, WorkRange } from "./work/work.js";
