// Owns: what every policy knows of durations: the moving average by learning name, half a second before the first, and the
// lengths of ways through the graph that follow from it.
import { at, topological, type TraceTask } from "./traces.js";

const UNKNOWN_MS = 500;
const NEWEST = 0.3;
/** Ways are worked out again once an average has moved this far from what they were worked out from. */
const MOVED = 0.05;

export class Learned {
  private readonly tasks: readonly TraceTask[];
  private readonly order: readonly number[];
  private readonly averages = new Map<string, number>();
  private readonly used = new Map<string, number>();
  private isStale = true;
  private readonly below: Float64Array;
  private readonly above: Float64Array;

  constructor(tasks: readonly TraceTask[]) {
    this.tasks = tasks;
    this.order = topological(tasks);
    this.below = new Float64Array(tasks.length);
    this.above = new Float64Array(tasks.length);
  }

  ms(task: number): number {
    return this.averages.get(at(this.tasks, task).learned) ?? UNKNOWN_MS;
  }

  note(task: number): void {
    const { learned, ms } = at(this.tasks, task);
    const before = this.averages.get(learned);
    const after = before === undefined ? ms : before + NEWEST * (ms - before);
    this.averages.set(learned, after);
    const used = this.used.get(learned);
    if (used === undefined || Math.abs(after - used) > MOVED * used) this.isStale = true;
  }

  /** The longest way from its start to the end of the flow. */
  bLevel(task: number): number {
    this.work();
    return this.below[task] ?? 0;
  }

  /** The longest way from the start of the flow to its start. */
  tLevel(task: number): number {
    this.work();
    return this.above[task] ?? 0;
  }

  private work(): void {
    if (!this.isStale) return;
    this.isStale = false;
    for (const [name, ms] of this.averages) this.used.set(name, ms);
    for (const task of this.order) {
      let most = 0;
      for (const parent of at(this.tasks, task).parents)
        most = Math.max(most, at(this.above, parent) + this.ms(parent));
      this.above[task] = most;
    }
    for (let i = this.order.length - 1; i >= 0; i--) {
      const task = at(this.order, i);
      let most = 0;
      for (const child of at(this.tasks, task).children) most = Math.max(most, at(this.below, child));
      this.below[task] = most + this.ms(task);
    }
  }
}
