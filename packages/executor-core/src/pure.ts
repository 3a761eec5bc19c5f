// Owns: what the pure folders of Millrace's other packages use of this one: all of it comes from pure folders.

export type { GraphChunk } from "./graph/graph-chunk.js";
export { Fifo } from "./scheduler/fifo.js";
export { decodeValue, type EncodedValue, encodeValue } from "./values/codec/codec.js";
export type { Answer, Ask, ValueRange } from "./work/ask.js";
export type { FailureData } from "./work/failure-data.js";
export {
  type AskId,
  askId,
  CHILD_BASE,
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
export { InternalError, MillraceError } from "./work/millrace-error.js";
export { type Outcome, type OutcomeBatch, type OutcomeEnd, OutcomeRange, SingleOutcome } from "./work/outcome.js";
export type { Needs, Rerun, Retry, RetryPolicy } from "./work/policies.js";
export type { TaskKey } from "./work/task-key.js";
export type { ValueMeta } from "./work/value-meta.js";
export { mapTree, type SentTree, type ValueRef } from "./work/value-tree.js";
export { type RunFacts, type Work, type WorkBatch, WorkRange, type WorkTemplate } from "./work/work.js";
export { readsOfTree, readsOfWork } from "./work/value-names.js";
