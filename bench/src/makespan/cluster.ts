// Owns: workers of one slot on virtual time: they fetch the inputs of what was sent to them, one after the other at 100 MB/s,
// and run works as they were sent, the first whose inputs are there. What was fetched stays.
// Does not own: which work goes where (a policy).
import { at, type Trace, type TraceTask } from "./traces.js";

export const BYTES_A_MS = 100_000;

/** What happens, told to a policy after the cluster has taken note of it. */
export interface Policy {
  start(cluster: Cluster): void;
  began(task: number, worker: number): void;
  ended(task: number, worker: number): void;
  fetched(value: number, worker: number, ms: number): void;
  woke(): void;
}

type Happening = { readonly atMs: number; readonly order: number; readonly run: () => void };

export class SimWorker {
  readonly queue: number[] = [];
  readonly held = new Set<number>();
  running = -1;
  fetching = -1;
}

export class Cluster {
  nowMs = 0;
  readonly tasks: readonly TraceTask[];
  readonly workers: readonly SimWorker[];
  /** Parents that have not ended. */
  readonly left: number[];
  private readonly policy: Policy;
  private readonly happenings: Happening[] = [];
  private orders = 0;
  private ended = 0;

  constructor(trace: Trace, workers: number, policy: Policy) {
    this.tasks = trace.tasks;
    this.workers = Array.from({ length: workers }, () => new SimWorker());
    this.left = trace.tasks.map(({ parents }) => parents.length);
    this.policy = policy;
  }

  /** How long the workflow takes. */
  run(): number {
    this.policy.start(this);
    while (this.ended < this.tasks.length) {
      const next = this.pop();
      if (next === undefined) throw new Error(`only ${this.ended} of ${this.tasks.length} tasks have ended`);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    return this.nowMs;
  }

  get idle(): readonly number[] {
    return this.workers.flatMap(({ running, queue }, i) => (running < 0 && queue.length === 0 ? [i] : []));
  }

  /** What a worker would have to fetch for a task. */
  missingBytes(task: number, worker: number): number {
    const { held } = at(this.workers, worker);
    let bytes = 0;
    for (const parent of at(this.tasks, task).parents) if (!held.has(parent)) bytes += at(this.tasks, parent).bytes;
    return bytes;
  }

  send(task: number, worker: number): void {
    at(this.workers, worker).queue.push(task);
    this.later(0, () => this.goOn(worker));
  }

  /** False: it has begun. */
  takeBack(task: number, worker: number): boolean {
    const { queue } = at(this.workers, worker);
    const place = queue.indexOf(task);
    if (place < 0) return false;
    queue.splice(place, 1);
    return true;
  }

  later(ms: number, run: () => void): void {
    const happening = { atMs: this.nowMs + ms, order: this.orders++, run };
    const heap = this.happenings;
    let place = heap.length;
    heap.push(happening);
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!isBefore(happening, at(heap, above))) break;
      heap[place] = at(heap, above);
      place = above;
    }
    heap[place] = happening;
  }

  private goOn(number: number): void {
    const worker = at(this.workers, number);
    this.fetchNext(worker, number);
    if (worker.running >= 0) return;
    const place = worker.queue.findIndex((task) =>
      at(this.tasks, task).parents.every((value) => worker.held.has(value)),
    );
    if (place < 0) return;
    const [task = 0] = worker.queue.splice(place, 1);
    worker.running = task;
    this.policy.began(task, number);
    this.later(at(this.tasks, task).ms, () => this.end(task, number));
  }

  private fetchNext(worker: SimWorker, number: number): void {
    if (worker.fetching >= 0) return;
    for (const task of worker.queue) {
      const value = at(this.tasks, task).parents.find((parent) => !worker.held.has(parent));
      if (value === undefined) continue;
      worker.fetching = value;
      const ms = at(this.tasks, value).bytes / BYTES_A_MS;
      this.later(ms, () => {
        worker.fetching = -1;
        worker.held.add(value);
        this.policy.fetched(value, number, ms);
        this.goOn(number);
      });
      return;
    }
  }

  private end(task: number, number: number): void {
    const worker = at(this.workers, number);
    worker.running = -1;
    worker.held.add(task);
    this.ended++;
    for (const child of at(this.tasks, task).children) this.left[child] = at(this.left, child) - 1;
    this.goOn(number);
    this.policy.ended(task, number);
  }

  private pop(): Happening | undefined {
    const heap = this.happenings;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(at(heap, child + 1), at(heap, child))) child++;
      if (!isBefore(at(heap, child), last)) break;
      heap[place] = at(heap, child);
      place = child;
    }
    heap[place] = last;
    return top;
  }
}

const isBefore = (a: Happening, b: Happening): boolean => (a.atMs === b.atMs ? a.order < b.order : a.atMs < b.atMs);
