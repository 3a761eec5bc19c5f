// Owns: what the other packages of Millrace use of this one. Not for users: it changes with them.

export { answer } from "./attempt/answers.js";
export { inputAttempt, readArgument, readTree, type TreeArgument } from "./attempt/arguments.js";
export { attemptAround, workInside } from "./attempt/around.js";
export { AttemptContext, attempts, type CancelFlag, type Reporter } from "./attempt/context.js";
export { markTaskThread } from "./attempt/in-thread.js";
export { reportOf } from "./attempt/report-of.js";
export { beginWith, endedWithError, endedWithValue, isThenable, unreadable } from "./attempt/run-attempt.js";
export type { LoadedTask, ModuleLoad } from "./flow/module-loads.js";
export { moduleLoads } from "./flow/module-loads.js";
export type { Made } from "./flow/origin.js";
export { madeAt } from "./flow/origin.js";
export { taskMade } from "./flow/task.js";
export type { Clock } from "./run/clock.js";
export type { Driver } from "./run/driver.js";
export { ExecutorOver } from "./run/executor-over.js";
export { CloseInside, ExecutorClosed, RunClosed } from "./run/closed-errors.js";
export { refusalError } from "./run/refusals.js";
export { textLogger } from "./run/text-logger.js";
export { realClock } from "./run/real-clock.js";
export type { Capabilities, CloseMode, Runner, RunnerHost } from "./run/runner.js";
export { Fifo } from "./scheduler/fifo.js";
export { decodeValue, type EncodedValue, encodeValue } from "./values/codec/codec.js";
export { encodeInParts } from "./values/codec/encode-parts.js";
export { elementOf, isPackedList, lengthOfParts, rangeOf } from "./values/codec/list-parts.js";
export { cancelledFailure } from "./states/failures.js";
export { failureDataOf } from "./values/error-data.js";
export { travelling } from "./values/failure-travel.js";
export { LocalValues, type RunValues, ValueLost, type ValuesToRead } from "./values/value-store.js";
export type { Answer, Ask, ValueRange } from "./work/ask.js";
export type { FailureData } from "./work/failure-data.js";
export {
  type AskId,
  askId,
  type FlowRunId,
  flowRunId,
  taskRunId,
  type TemplateId,
  templateId,
  type TaskRunId,
  type WorkId,
  workName,
  workNameIn,
} from "./work/ids.js";
export { InternalError, MillraceError } from "./work/millrace-error.js";
export { type Outcome, type OutcomeBatch, type OutcomeEnd, OutcomeRange, SingleOutcome } from "./work/outcome.js";
export { RunnerFault } from "./work/runner-fault.js";
export { DEFAULT_RERUN, type RetryPolicy } from "./work/policies.js";
export type { Report, Said } from "./work/report.js";
export { metaOf, type ValueMeta } from "./work/value-meta.js";
export { mapInline, mapTree, type SentTree, type ValueRef } from "./work/value-tree.js";
export {
  type RunFacts,
  slugOf,
  type TaskFunction,
  type Work,
  type WorkBatch,
  WorkRange,
  type WorkTemplate,
} from "./work/work.js";
export type { TaskKey } from "./work/task-key.js";
export type { Body, Origin, TaskMade } from "./work/task-origin.js";
export { readsOfTree, readsOfWork } from "./work/value-names.js";
export { bindArguments } from "./attempt/arguments.js";
export { localParts } from "./executors/local-parts.js";
export { endedLate, inTime } from "./executors/soft-timeout.js";
export type { NodeSpec, TaskSpec } from "./graph/node-spec.js";
export { type EdgeInput, FlowGraph } from "./graph/flow-graph.js";
export type { Watch } from "./run/driver-host.js";
export type { Change, Explanation, GraphChunk, RunLink, RunRequest, ValueReader } from "./run/executor.js";
export { RunReports, type TaskProgress } from "./run/run-reports.js";
export type { Effect } from "./scheduler/effects.js";
export type { SchedulerEvent } from "./scheduler/events.js";
export { FlowScheduler } from "./scheduler/flow-scheduler.js";
export { stateHash } from "./scheduler/state-hash.js";
export { validate } from "./scheduler/validate.js";
export type { RunnerReason } from "./states/explanation.js";
export { type MapShape, StateTable } from "./states/state-table.js";
export { isLegal } from "./states/transitions.js";
export { STATE, stateName } from "./work/kinds.js";
export { failureOf } from "./states/failures.js";
export { type NodeId, nodeId, PAGE_ROWS } from "./work/ids.js";
export { SingleWork } from "./work/work.js";
export type { GraphTree } from "./work/value-tree.js";
