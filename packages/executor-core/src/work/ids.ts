// Owns: the branded ids, how a task run's one number is made and read, and the casts that brand them (nowhere else).
// I1. A node without children is its own task run: TaskRunId = NodeId < 2^30.
// I2. A map's child is 2^30 + base + index; every map's base stands on a page boundary, so a page belongs to one map.

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

export type NodeId = Brand<number, "NodeId">;
/** One node, or one child of a mapped node, in one flow run. */
export type TaskRunId = Brand<number, "TaskRunId">;
export type FlowRunId = Brand<string, "FlowRunId">;
export type TemplateId = Brand<number, "TemplateId">;
/** Each sending of a question has its own: only the last one's answer counts. */
export type AskId = Brand<number, "AskId">;

/** Child ids start here: more nodes than that are refused by the graph. */
export const CHILD_BASE = 2 ** 30;
export const PAGE_BITS = 12;
/** Rows of a page of columns. */
export const PAGE_ROWS = 1 << PAGE_BITS;
export const PAGE_MASK = PAGE_ROWS - 1;
/** Pages of children that one run can have: ids stay small integers (below 2^31). */
export const CHILD_PAGES_MAX = (2 ** 31 - CHILD_BASE) / PAGE_ROWS;

export const nodeId = (n: number): NodeId => n as NodeId;
export const taskRunId = (n: number): TaskRunId => n as TaskRunId;
export const flowRunId = (text: string): FlowRunId => text as FlowRunId;
export const templateId = (n: number): TemplateId => n as TemplateId;
export const askId = (n: number): AskId => n as AskId;
/** The task run of a node that is not mapped (I1). */
export const runOfNode = (node: NodeId): TaskRunId => node as number as TaskRunId;

/** A task run and the attempt that was sent for it: what names one sending to a runner (D4). */
export type WorkId = { readonly run: FlowRunId; readonly taskRun: TaskRunId; readonly attempt: number };

/** The same as one key. */
export const workName = ({ run, taskRun, attempt }: WorkId): string => `${run}/${taskRun}/${attempt}`;
/** Of what is known to be of this run: a work, an outcome. */
export const workNameIn = (run: FlowRunId, { taskRun, attempt }: Omit<WorkId, "run">): string =>
  workName({ run, taskRun, attempt });
