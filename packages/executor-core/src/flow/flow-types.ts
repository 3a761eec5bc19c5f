// Owns: the types of a flow: its options and its handle.
// Does not own: the types of parameters (`schema-types`) and runs (`run-types`).
// `any` stands in `AnyFlow`: no other type argument holds every flow.

import type { Executor } from "../run/executor.js";
import type { FlowDrawing } from "./as-graphlib.js";
import type { FlowProblem } from "./check-flow.js";
import type { FlowRun, RunOptions } from "./run-types.js";

export interface FlowOptions<S> {
  readonly params?: S;
  /** Without one each run gets an `AsyncExecutor` of 16. */
  readonly executor?: Executor | undefined;
  /** Of all its tasks. */
  readonly tags?: readonly string[] | undefined;
}
export type RunArgs<In> = {} extends In ? [params?: In, options?: RunOptions] : [params: In, options?: RunOptions];
export interface Flow<In, Out> {
  readonly name: string;
  /** The value the flow's function returned; rejects with `FlowFailed`. */
  run(...args: RunArgs<In>): Promise<Out>;
  /** The live run; await its `done`. */
  start(...args: RunArgs<In>): FlowRun<Out>;
  /** What came from outside, checked; throws `InvalidParams`. */
  parse(params: unknown): In;
  /** What is wrong with the flow, or looks wrong, without running it. */
  check(): readonly FlowProblem[];
  /** Tasks and edges for queries, reports and drawings, below 10,000 nodes. */
  graph(): Promise<FlowDrawing>;
}
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyFlow = Flow<any, any>;
