/// <reference types="node" preserve="true" />
// The public entry. Every type that may appear in the inferred type of a user's export stands here: without its name
// the user's own declarations could not be written (TS2883).

export type { Context } from "./attempt/context.js";
export { context } from "./attempt/context.js";
export { fail, isSignal, loop, skip } from "./attempt/signals.js";
export { AsyncExecutor } from "./executors/async.js";
export { SequentialExecutor } from "./executors/sequential.js";
export { mapped, unmapped } from "./flow/annotations.js";
export type { DrawnEdge, DrawnFlow, DrawnNode, FlowDrawing } from "./flow/as-graphlib.js";
export { ifElse, merge, when } from "./flow/branches.js";
export type { FlowProblem } from "./flow/check-flow.js";
export { constant } from "./flow/constant.js";
export type { Duration } from "./flow/duration.js";
export { flow, isFlow } from "./flow/flow.js";
export { FlowError } from "./flow/flow-error.js";
export { FlowCancelled, FlowFailed } from "./flow/flow-failed.js";
export type { FlowInfo, TaskInfo } from "./flow/flow-info.js";
export { describeFlow } from "./flow/flow-info.js";
export type { AnyFlow, Flow, FlowOptions, RunArgs } from "./flow/flow-types.js";
export { asCompleted } from "./flow/as-completed.js";
export { openPool } from "./flow/open-pool.js";
export { param } from "./flow/param.js";
export type { ParameterInfo } from "./flow/params.js";
export { InvalidParams } from "./flow/params.js";
export type { Picked } from "./flow/parts.js";
export { pick, unpack } from "./flow/parts.js";
export type {
  Fn,
  Invalid,
  ListOrUnmapped,
  Mapped,
  NotAsync,
  Primitive,
  Ref,
  Refable,
  Refs,
  Tuple,
  Unmapped,
  Unref,
} from "./flow/ref-types.js";
export { FutureCancelled, PoolClosed, PoolError } from "./flow/pool-errors.js";
export type {
  Completed,
  FuturableArgs,
  Futurable,
  Future,
  FutureMapArgs,
  Gathered,
  MappedFuture,
  Pool,
  PoolOptions,
  ValueOf,
} from "./flow/pool-types.js";
export { referenceTasks } from "./flow/reference-tasks.js";
export type {
  FinishedRun,
  FinishedStates,
  FlowRun,
  LiveState,
  RunOptions,
  StateChange,
  StateRow,
} from "./flow/run-types.js";
export type {
  Param,
  ParamRefs,
  ParamsIn,
  ParamsOut,
  ParamsSpec,
  SchemaInput,
  SchemaOutput,
  StandardSchemaV1,
} from "./flow/schema-types.js";
export { isFailed, settled, settledEach, succeeded } from "./flow/settled.js";
export type { EachOf, FailedState, Settled, SuccessState, TaskState } from "./flow/settled-types.js";
export type { Issue, JsonSchema } from "./flow/standard-schema.js";
export { tags } from "./flow/tags.js";
export { task } from "./flow/task.js";
export type {
  AnyTask,
  Args,
  CallOptions,
  CommonOptions,
  PairedUpstream,
  Result,
  Task,
  TaskHandle,
  TaskOf,
  TaskOptions,
  TupleTask,
} from "./flow/task-types.js";
export type { GraphProblem } from "./graph/check.js";
export { InvalidGraph } from "./graph/check.js";
export { DuplicateSlug } from "./graph/slugs.js";
export type {
  Executor,
  Explanation,
  ReasonCode,
  RunLink,
  RunRequest,
  StoryCause,
  StoryLine,
  ValueReader,
} from "./run/executor.js";
export { ResultMissing, ResultReleased } from "./run/result-errors.js";
export type { ReportFields, TaskProgress, TaskReport } from "./run/run-reports.js";
export type { Capabilities, CloseMode } from "./run/runner.js";
export { Stuck } from "./run/stuck.js";
export { MillraceTaskError } from "./values/task-error.js";
export { transfer } from "./values/codec/transfer.js";
export { registerType, type TypeCodec } from "./values/codec/type-registry.js";
export { BadValue, type BadValueCode, NotSerialisable, ValueTooLarge } from "./values/codec/value-errors.js";
export type { FlowState } from "./work/kinds.js";
export { MillraceError } from "./work/millrace-error.js";
export type { Trigger, TriggerBounds, TriggerName } from "./work/policies.js";
export type { FailureData } from "./work/failure-data.js";
export type { Logger, LogLevel, Said, Speaker } from "./work/report.js";
