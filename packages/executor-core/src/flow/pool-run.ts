// Owns: the open run of a pool: which nodes reached it, which futures wait for what has not ended, what they come to.
// Does not own: the future itself (`future`), the graph (`pool-graph`).
// R1. Submits of one synchronous piece of code reach the run together, in the next microtask.
// R2. Only futures that somebody waits for stand here; every other one is known by the run's columns alone, and forgotten
//     when it is unreachable.
// R3. When the run has ended and the last future is unreachable, the run lets go of all that it has.

import { attemptAround, workInside } from "../attempt/around.js";
import type { Executor, RunLink } from "../run/executor.js";
import { type FlowRunId, type NodeId, nodeId } from "../work/ids.js";
import { STATE, stateName } from "../work/kinds.js";
import type { MillraceError } from "../work/millrace-error.js";
import { ByNode } from "./by-node.js";
import type { FutureHandle, FutureOwner } from "./future.js";
import { elementsOf } from "./future-elements.js";
import { errorOfRow, firstWithoutValue, isOver, needs, unsuccessful } from "./future-ends.js";
import { FutureCancelled, PoolClosed, type PoolError, waitsForItself } from "./pool-errors.js";
import { PoolGraph } from "./pool-graph.js";
import type { LiveState } from "./run-types.js";
import type { Settled } from "./settled-types.js";

const EXECUTOR_CLOSED = "the executor of this pool was closed: the pool";

export class PoolRun implements FutureOwner {
  readonly id: FlowRunId;
  readonly link: RunLink;
  readonly executor: Executor;
  readonly graph = new PoolGraph(this);
  /** Makes what says why it takes nothing more. */
  closed: (() => PoolClosed) | undefined;
  private readonly waiting = new ByNode<FutureHandle<unknown>>();
  private readonly handles: FinalizationRegistry<NodeId>;
  private readonly wakers = new Set<() => void>();
  private keep: NodeId[] = [];
  private forget: NodeId[] = [];
  private extended = 0;
  private isDue = false;
  /** Futures that somebody may have. */
  private held = 0;
  private hasEnded = false;
  /** What is not over will never be. */
  private broken: ((slug: string) => MillraceError) | undefined;

  constructor(id: FlowRunId, executor: Executor, link: RunLink) {
    this.id = id;
    this.executor = executor;
    this.link = link;
    this.handles = new FinalizationRegistry((node) => {
      this.held--;
      this.forget.push(node);
      this.flushSoon();
      this.leaveIfUnused();
    });
    link.onEnds((nodes) => this.onEnds(nodes));
    link.done.then(
      () => {
        this.closed ??= () => new PoolClosed(EXECUTOR_CLOSED);
        this.hasEnded = true;
        this.leaveIfUnused();
      },
      (error: MillraceError) => {
        this.closed ??= () => new PoolClosed(`this pool broke off (${error.message})`, error);
        this.breakOff(() => error);
      },
    );
  }

  add(future: FutureHandle<unknown>): void {
    this.held++;
    this.keep.push(future.node);
    this.handles.register(future, future.node);
    this.flushSoon();
  }

  await(future: FutureHandle<unknown>): void {
    const { node } = future;
    if (node < this.extended && isOver(this.link.states, node)) this.settle(future);
    else if (this.broken !== undefined) future.reject(this.broken(this.slugOf(node)));
    else this.waiting.set(node, future);
  }

  lendUntil(future: FutureHandle<unknown>): void {
    const giveBack = this.lend();
    if (giveBack !== undefined) future.addWaiter({ resolve: giveBack, reject: giveBack });
  }

  /** In a task of this executor: lends its slot. Gives what takes it back. */
  private lend(): (() => void) | undefined {
    const work = workInside(this.executor);
    return work === undefined ? undefined : this.link.waitsInside(work);
  }

  /** Whether the caller works for a task of this pool. */
  get runsCaller(): boolean {
    return attemptAround((attempt) => attempt.run.id === this.id) !== undefined;
  }

  waitsForItself(node: NodeId): PoolError | undefined {
    const { states } = this.link;
    const itself = attemptAround((attempt) => {
      if (attempt.run.id !== this.id) return false;
      const { taskRun } = attempt.work;
      return needs(this.graph.nodes, states, node, states.mapOfRow(taskRun)?.node ?? nodeId(taskRun));
    });
    return itself === undefined ? undefined : waitsForItself(itself.taskSlug, this.slugOf(node));
  }

  cancel(node: NodeId, reason: string): boolean {
    this.flush();
    if (isOver(this.link.states, node)) return false;
    this.link.cancel(reason, [node]);
    return true;
  }

  stateOf(node: NodeId): LiveState {
    return stateName(this.link.states.state(node));
  }

  slugOf(node: NodeId): string {
    return this.graph.nodes.slug(node);
  }

  unsuccessful(node: NodeId, error: unknown): Settled<never> {
    return unsuccessful(this.link.states, node, error);
  }

  elements(node: NodeId): AsyncIterator<unknown> {
    return elementsOf({ link: this.link, graph: this.graph.nodes, nextChange: () => this.nextChange() }, node);
  }

  /** R1. */
  flush(): void {
    this.isDue = false;
    const { keep, forget } = this;
    const graph = this.graph.nodes;
    if (keep.length > 0 || forget.length > 0) {
      this.keep = [];
      this.forget = [];
      this.link.handlesChanged(keep, forget);
    }
    if (this.extended === graph.size) return;
    try {
      this.link.extend({ graph, first: this.extended, end: graph.size, last: false });
      this.extended = graph.size;
    } catch (error) {
      this.closed ??= () => new PoolClosed(EXECUTOR_CLOSED, error);
      this.breakOff((slug) => new FutureCancelled(slug, "the executor was closed before it was sent"));
    }
  }

  /** No more will come. */
  seal(why: string): void {
    this.flush();
    if (this.closed !== undefined) return;
    this.closed = () => new PoolClosed(why);
    this.link.extend({ graph: this.graph.nodes, first: this.extended, end: this.extended, last: true });
  }

  /** Settles whatever is not over. */
  breakOff(error: (slug: string) => MillraceError): void {
    this.broken ??= error;
    for (const future of this.waiting.takeAll()) future.reject(this.broken(this.slugOf(future.node)));
    this.wake();
  }

  /** When anything has changed; rejects when nothing will. */
  private nextChange(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.broken !== undefined) return reject(this.broken("its map"));
      const giveBack = this.lend();
      const stop = this.link.onChanges(() => wake());
      const wake = (): void => {
        this.wakers.delete(wake);
        stop();
        giveBack?.();
        resolve();
      };
      this.wakers.add(wake);
    });
  }

  private wake(): void {
    for (const wake of this.wakers) wake();
  }

  /** R3. */
  private leaveIfUnused(): void {
    if (this.hasEnded && this.held === 0) this.link.close();
  }

  private flushSoon(): void {
    if (this.isDue) return;
    this.isDue = true;
    queueMicrotask(() => this.flush());
  }

  private onEnds(nodes: readonly NodeId[]): void {
    if (this.waiting.size === 0) return;
    for (const node of nodes) {
      const future = this.waiting.take(node);
      if (future !== undefined) this.settle(future);
    }
  }

  /** Of a future whose node is over. */
  private settle(future: FutureHandle<unknown>): void {
    const { node } = future;
    const { states } = this.link;
    const state = states.state(node);
    const failed = state === STATE.Success ? undefined : firstWithoutValue(states, node);
    if (failed === undefined) this.link.read({ kind: "ref", ref: node }, undefined, future);
    else future.reject(errorOfRow(states, this.graph.nodes, failed));
  }
}
