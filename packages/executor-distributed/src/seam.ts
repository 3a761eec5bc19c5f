// Owns: what the other packages of Millrace use of this one. Not for users: it changes with them.

export { type InputPlaces, type PlacementEffect, type SentWork, STORE } from "./placement/effects.js";
export { needsKey } from "./placement/needs.js";
export type { PlacedWork, PlacementEvent, WorkEnd, WorkName } from "./placement/events.js";
export type { PlacementReason, ResourceUse } from "./placement/explain.js";
export { Placement } from "./placement/placement.js";
export { validatePlacement } from "./placement/validate.js";
export type { WorkPlace } from "./placement/work-row.js";
export type { ClientLink } from "./client/client-link.js";
export { type ClientPort } from "./client/client-port.js";
export { ClientRun } from "./client/state/client-run.js";
export type { ClientEffect } from "./client/state/effects.js";
export { GraphSender } from "./client/state/graph-sender.js";
export { ClusterClient } from "./client/cluster-client.js";
export { ChangeColumns } from "./protocol/change-columns.js";
export { checksum } from "./protocol/checksum.js";
export { Column, ColumnBuilder } from "./protocol/column.js";
export { describeKinds, type KindInWords, type WayInWords } from "./protocol/describe-kinds.js";
export {
  type Frame,
  frameLength,
  FrameWriter,
  HEAD_BYTES,
  readFrame,
  readFrames,
  restamp,
  writeFrame,
} from "./protocol/frame.js";
export { type ChunkNode, GraphBuilder, GraphColumns } from "./protocol/graph-columns.js";
export { IdRuns, IdRunsBuilder } from "./protocol/id-runs.js";
export {
  COLUMNS_BYTES_MAX,
  CONTROL_BYTES_MAX,
  FAILURE_DEPTH_MAX,
  ID_END,
  PROTOCOL_VERSION,
  ROWS_MAX,
  SLOTS_MAX,
  VALUES_MAX,
  SESSION_BYTES_MAX,
  TEXT_MAX,
  TREE_DEPTH_MAX,
} from "./protocol/limits.js";
export { ByteReader } from "./protocol/byte-reader.js";
export { ByteWriter } from "./protocol/byte-writer.js";
export { f64From, uintFrom } from "./protocol/fields.js";
export type { SentAnswer, SentFacts, SentQuestion, SentTemplate } from "./protocol/message-fields.js";
export {
  BETWEEN_PEERS,
  type BetweenPeers,
  FROM_CLIENT,
  FROM_WORKER,
  type FromClient,
  type FromWorker,
  HANDSHAKE,
  type SessionMessage,
  TO_CLIENT,
  TO_WORKER,
  type ToClient,
  type ToWorker,
} from "./protocol/messages.js";
export { inlineOf, Opaque, opaqueOf } from "./protocol/opaque.js";
export { OutcomeColumns, type OutcomeParts } from "./protocol/outcome-columns.js";
export { OutcomesBuilder } from "./protocol/outcomes-builder.js";
export { ProtocolError, type ProtocolErrorCode } from "./protocol/protocol-error.js";
export type { Holding } from "./protocol/ranges.js";
export type { Direction, Entry } from "./protocol/shapes.js";
export { Slab, SlabBuilder } from "./protocol/slab.js";
export type { SentSpec, SentTaskSpec } from "./protocol/spec-fields.js";
export { slugNumber, WorkColumns, type WorkParts } from "./protocol/work-columns.js";
export { WorkNames } from "./protocol/work-names.js";
export { columnsOfWorks, WorksBuilder } from "./protocol/works-builder.js";
export { type TimeColumns, TimesBuilder } from "./protocol/time-columns.js";
export { ClientDesk } from "./scheduler/client-desk.js";
export type { DeskHost } from "./scheduler/run-at-desk.js";
export { bytesOf } from "./scheduler/put-store.js";
export { EncodedPut } from "./scheduler/received-puts.js";
export type { ClusterLinks, Joined } from "./scheduler/cluster-links.js";
export { ClusterRunner } from "./scheduler/cluster-runner.js";
export { type Naming, NodeNames } from "./scheduler/node-names.js";
export { leavingEnd } from "./worker/leaving-end.js";
export type { WorkerEffect } from "./worker/state/effects.js";
export type { FetchedValue, WorkAt, WorkerEvent } from "./worker/state/events.js";
export { keysOf, nameKey, rangeOfKey } from "./worker/state/names.js";
export { DialledSession } from "./session/dialled-session.js";
export type { CloseReason, DiallingEffect, ListeningEffect, LostReason } from "./session/session-effects.js";
export { SESSION_OPTIONS, type SessionOptions } from "./session/session-options.js";
export {
  DIALLED_EVENTS,
  DIALLED_STATES,
  LISTENING_EVENTS,
  LISTENING_STATES,
  NEVER_DIALLED,
  NEVER_LISTENING,
} from "./session/session-pairs.js";
export { Sessions } from "./session/sessions.js";
export {
  REQUEST_BYTES,
  REQUEST_MS,
  REQUESTS_MAX,
  Transfers,
  TRIES_MAX,
} from "./worker/state/transfers.js";
export { validateWorker } from "./worker/state/validate.js";
export { type WorkerOptions, WorkerState } from "./worker/state/worker-state.js";
