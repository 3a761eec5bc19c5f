// Owns: what the pure folders of Millrace's other packages use of this one: all of it comes from pure folders.

export { EDGE, type EdgeInput, FlowGraph } from "./graph/flow-graph.js";
export type { GraphChunk } from "./graph/graph-chunk.js";
export type { CaseTest, NodeSpec, StructureSpec, TaskSpec } from "./graph/node-spec.js";
export { Fifo } from "./scheduler/fifo.js";
export type { FetchRefusal } from "./scheduler/effects.js";
export type { Change } from "./states/change.js";
export {
  type Explanation,
  REASON_CODES,
  type ReasonCode,
  type RunnerReason,
  STORY_CAUSES,
  type StoryLine,
} from "./states/explanation.js";
export { stateDataOf } from "./states/failures.js";
export { type MapShape, StateTable } from "./states/state-table.js";
export { decodeValue, type EncodedValue, encodeValue } from "./values/codec/codec.js";
export type { Answer, Ask, ValueRange } from "./work/ask.js";
export type { FailureData } from "./work/failure-data.js";
export {
  type AskId,
  askId,
  CHILD_BASE,
  PAGE_BITS,
  PAGE_MASK,
  PAGE_ROWS,
  type FlowRunId,
  flowRunId,
  type NodeId,
  nodeId,
  type TaskRunId,
  taskRunId,
  type TemplateId,
  templateId,
  type WorkId,
} from "./work/ids.js";
export {
  type FlowState,
  isTerminal,
  STATE,
  STATE_NAMES,
  type StateCode,
  type StateData,
  stateCode,
} from "./work/kinds.js";
export { InternalError, MillraceError } from "./work/millrace-error.js";
export { type Outcome, type OutcomeBatch, type OutcomeEnd, OutcomeRange, SingleOutcome } from "./work/outcome.js";
export {
  type Needs,
  type Rerun,
  type Retry,
  type RetryPolicy,
  AMOUNT_MAX,
  PRIORITY_MAX,
  TRIGGER_NAMES,
  type Trigger,
  type TriggerBounds,
} from "./work/policies.js";
export type { Report } from "./work/report.js";
export type { TaskKey } from "./work/task-key.js";
export type { TaskMade } from "./work/task-origin.js";
export { PLAIN_FALSE, PLAIN_TRUE, type ValueMeta } from "./work/value-meta.js";
export { type GraphTree, mapInline, mapTree, type SentTree, type ValueRef, type ValueTree } from "./work/value-tree.js";
export {
  type RunFacts,
  SingleWork,
  slugOf,
  type Work,
  type WorkBatch,
  WorkRange,
  type WorkTemplate,
} from "./work/work.js";
export { readsOfTree, readsOfWork } from "./work/value-names.js";
