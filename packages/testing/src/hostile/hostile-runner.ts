// Owns: a runner that does what a bad day does, within the rules of the seam, from one seed: outcomes and answers in any order,
// late and twice; works given back; values lost, also before their outcome is told; deaths after which the dead still
// store and speak; demand that comes and goes.
// Does not own: time and order (`virtual-world`), values (`hostile-values`).
// H1. It runs the user's real functions. What it breaks of the seam's rules is R1 and R2's "at once" and "one": on purpose.

import {
  AttemptContext,
  answer,
  type Answer,
  type Ask,
  beginWith,
  type Capabilities,
  type CloseMode,
  bindArguments,
  cancelledFailure,
  endedLate,
  endedWithError,
  endedWithValue,
  type FlowRunId,
  inTime,
  isThenable,
  metaOf,
  type OutcomeEnd,
  type OutcomeBatch,
  OutcomeRange,
  readsOfTree,
  readsOfWork,
  type Reporter,
  type Runner,
  RunnerFault,
  type RunnerHost,
  type Said,
  SingleOutcome,
  taskRunId,
  unreadable,
  type ValueMeta,
  type ValueRange,
  type Work,
  type WorkBatch,
  type WorkId,
  workName,
  workNameIn,
  WorkRange,
} from "@millrace/core/seam";
import type { SeededRandom } from "../seeded-random.js";
import type { VirtualWorld } from "../virtual-world.js";
import { HostileValues } from "./hostile-values.js";
import type { Hostility } from "./hostility.js";

/** A work that was given and not answered. */
type Flight = { readonly batch: WorkBatch; readonly work: Work; context: AttemptContext | undefined };

export class HostileRunner implements Runner, Reporter {
  readonly capabilities: Capabilities = { parallel: false, isolated: false, hardCancel: false, remote: true };
  executor: object | undefined;
  private readonly random: SeededRandom;
  private readonly world: VirtualWorld;
  private readonly hostility: Hostility;
  private readonly values = new Map<FlowRunId, HostileValues>();
  private readonly flights = new Map<string, Flight>();
  private readonly cancelled = new Map<string, string>();
  private readonly told: OutcomeBatch[] = [];
  /** What the dead still have to say, behind the news of their death. */
  private readonly zombies = new Map<string, SingleOutcome>();
  private readonly deaths = new Map<string, number>();
  private readonly losses = new Map<FlowRunId, number>();
  /** What went wrong, by kind. */
  readonly happened = new Map<"lose" | "die" | "giveBack", number>();
  private host: RunnerHost | undefined;
  private limit = 0;
  private isClosed = false;
  private isKilled = false;

  constructor(random: SeededRandom, world: VirtualWorld, hostility: Hostility) {
    this.random = random;
    this.world = world;
    this.hostility = hostility;
  }

  start(host: RunnerHost): Promise<void> {
    this.host = host;
    this.isClosed = false;
    this.world.later(() => this.demand(1 + this.random.below(6)));
    return Promise.resolve();
  }

  put(run: FlowRunId, taskRun: number, value: unknown): ValueMeta {
    this.valuesOf(run).set(taskRun, 0, value);
    return metaOf(value);
  }

  dispatch(batches: readonly WorkBatch[]): void {
    for (const batch of batches) {
      const flights = Array.from({ length: batch.length }, (_, i): Flight => {
        const flight = { batch, work: batch.at(i), context: undefined };
        this.flights.set(workNameIn(batch.run.id, flight.work), flight);
        return flight;
      });
      if (batch instanceof WorkRange && this.random.chance(0.7)) this.world.later(() => void this.runAll(flights));
      else for (const flight of flights) this.world.later(() => void this.runOne(flight));
    }
  }

  ask(asks: readonly Ask[]): void {
    for (const ask of asks) {
      // Whoever answers it again finds what is left, of which much may have been let go.
      const times = this.random.chance(0.2) ? 2 : 1;
      let isAnswered = false;
      for (let i = 0; i < times; i++) {
        this.world.later(() => {
          const given = this.answerNow(ask, isAnswered);
          isAnswered = true;
          if (this.random.chance(0.2)) this.world.later(() => this.tellAnswer(given));
          this.tellAnswer(given);
        });
      }
    }
  }

  cancel(ids: readonly WorkId[], reason: string): void {
    for (const id of ids) {
      const name = workName(id);
      this.cancelled.set(name, reason);
      this.flights.get(name)?.context?.cancel(reason);
    }
  }

  release(run: FlowRunId, values: readonly ValueRange[]): void {
    for (const { first, count, attempt } of values) this.valuesOf(run).delete(first, count, attempt);
  }

  close(mode: CloseMode): Promise<void> {
    if (mode === "kill") {
      const ends = [...this.flights.values()].map((flight) => outcomeOf(flight, this.world.now(), killed));
      this.flights.clear();
      if (ends.length > 0) this.host?.outcomes(ends);
      this.isKilled = true;
    }
    // Closing ends what runs, not values: what is lost of them can still be made again, in peace.
    this.isClosed = true;
    return Promise.resolve();
  }

  report({ run, work, taskName, taskSlug, mapIndex, ended }: AttemptContext, said: Said): void {
    const { taskRun, attempt, runCount } = work;
    const exact = ended ? { taskRun: undefined, attempt: undefined } : { taskRun, attempt };
    const by = { task: taskName, slug: taskSlug, mapIndex, runCount, thread: undefined, ...exact };
    this.host?.reports([{ run: run.id, atMs: this.world.now(), by, said }]);
  }

  valuesOf(run: FlowRunId): HostileValues {
    let values = this.values.get(run);
    if (values === undefined) {
      values = new HostileValues();
      this.values.set(run, values);
    }
    return values;
  }

  get faults(): readonly string[] {
    return [...this.values.values()].flatMap(({ faults }) => faults);
  }

  /** After every step of the world. */
  disturb(): void {
    if (this.isClosed) return;
    const { random, hostility } = this;
    if (this.world.steps === hostility.diesAfter) this.host?.failed(new RunnerFault("the hostile runner died"));
    if (random.chance(0.1)) this.demand(random.below(6));
    if (random.chance(hostility.lose)) this.loseAny();
    const old = this.told[random.below(this.told.length)];
    if (old !== undefined && random.chance(0.1)) this.host?.outcomes([old]);
  }

  /** Nothing more would ever happen if it asked for nothing. */
  wakeUp(): void {
    if (this.limit === 0 && this.host !== undefined) this.demand(1 + this.random.below(5));
  }

  private demand(limit: number): void {
    this.limit = limit;
    this.host?.demand(limit);
  }

  private loseAny(): void {
    const runs = [...this.values.keys()];
    const run = runs[this.random.below(runs.length)];
    if (run === undefined || !this.mayLose(run)) return;
    const value = this.valuesOf(run).loseAny(this.random);
    if (value !== undefined && this.random.chance(0.5)) this.world.later(() => this.host?.valuesLost(run, [value]));
  }

  private note(kind: "lose" | "die" | "giveBack"): void {
    this.happened.set(kind, (this.happened.get(kind) ?? 0) + 1);
  }

  /** Else a run might never end. */
  private mayLose(run: FlowRunId): boolean {
    const losses = (this.losses.get(run) ?? 0) + 1;
    if (losses > this.hostility.lossesMax) return false;
    this.losses.set(run, losses);
    this.note("lose");
    return true;
  }

  private async runOne(flight: Flight): Promise<void> {
    const outcome = await this.run(flight);
    if (outcome !== undefined) this.tell(flight, outcome);
  }

  /** Where all went well they are answered in ranges. */
  private async runAll(flights: readonly Flight[]): Promise<void> {
    const outcomes: SingleOutcome[] = [];
    for (const flight of flights) {
      const outcome = await this.run(flight);
      if (outcome !== undefined) outcomes.push(outcome);
    }
    const metas = outcomes.map(({ result }) => (result.end === "value" ? result.value : undefined));
    if (outcomes.length < flights.length || metas.includes(undefined)) {
      for (const [i, outcome] of outcomes.entries()) {
        const flight = flights[i];
        if (flight !== undefined) this.tell(flight, outcome);
      }
      return;
    }
    for (let from = 0; from < outcomes.length; ) {
      const end = from + 1 + this.random.below(outcomes.length - from);
      this.tellRange(flights.slice(from, end), outcomes.slice(from, end), metas.slice(from, end));
      from = end;
    }
  }

  private tellRange(
    flights: readonly Flight[],
    outcomes: readonly SingleOutcome[],
    metas: readonly (ValueMeta | undefined)[],
  ): void {
    const [first] = outcomes;
    if (first === undefined) return;
    const started = outcomes.map(({ startedAtMs }) => startedAtMs);
    const durations = outcomes.map(({ durationMs }) => durationMs);
    const metaAt = (i: number): ValueMeta => metas[i] ?? metaOf(undefined);
    const range = new OutcomeRange(first.run, taskRunId(first.taskRun), started, durations, metaAt);
    this.tellBatch(range, flights);
  }

  /** Undefined: it was closed meanwhile. */
  private async run(flight: Flight): Promise<SingleOutcome | undefined> {
    const { batch, work } = flight;
    const name = workNameIn(batch.run.id, work);
    const values = this.valuesOf(batch.run.id);
    const reason = this.cancelled.get(name);
    const end = (result: OutcomeEnd): SingleOutcome => outcomeOf(flight, this.world.now(), result);
    if (reason !== undefined) return end({ end: "failed", failure: cancelledFailure(reason), retry: "no" });
    if (this.isKilled) return end(killed);
    const missing = values.missing(readsOfWork(batch.template, work));
    if (missing.length > 0 || this.random.chance(this.hostility.giveBack)) {
      this.note("giveBack");
      return end({ end: "givenBack", missing });
    }
    const context = new AttemptContext(batch.run, batch.template, work, this.executor, this);
    flight.context = context;
    const result = await this.world.user(() => this.attempt(context, values));
    if (!this.flights.has(name)) return undefined;
    context.ended = true;
    return end(this.fate(flight, result));
  }

  private async attempt(context: AttemptContext, values: HostileValues): Promise<OutcomeEnd> {
    const startedAtMs = this.world.now();
    try {
      const returned = beginWith(context, argumentsOf(context, values));
      const value = isThenable(returned) ? await inTime(context, returned, this.world) : returned;
      return endedLate(context, this.world, startedAtMs) ?? endedWithValue(context, values, value);
    } catch (thrown) {
      return endedLate(context, this.world, startedAtMs, thrown) ?? endedWithError(context, thrown);
    }
  }

  /** What its host is told of an attempt that has ended: the truth, or that it died. */
  private fate({ batch, work }: Flight, result: OutcomeEnd): OutcomeEnd {
    const { taskRun, attempt } = work;
    const values = this.valuesOf(batch.run.id);
    const name = `${batch.run.id}/${taskRun}`;
    const deaths = this.deaths.get(name) ?? 0;
    const { rerun } = batch.template;
    // It never dies so often that its task fails: what it comes to would be another result.
    const mayDie = rerun !== "never" && deaths < Math.min(2, rerun.deaths - 1);
    if (mayDie && this.random.chance(this.hostility.die)) {
      this.deaths.set(name, deaths + 1);
      this.note("die");
      values.poisoned(taskRun, attempt);
      if (this.random.chance(0.5)) this.speakAsZombie(batch, work, result);
      return { end: "died", cause: { name: "WorkerDied", code: "WORKER_DIED", message: "the worker died" } };
    }
    if (result.end === "value" && this.random.chance(this.hostility.lose) && this.mayLose(batch.run.id))
      values.lose(taskRun, attempt);
    return result;
  }

  private speakAsZombie(batch: WorkBatch, work: Work, result: OutcomeEnd): void {
    const late = outcomeOf({ batch, work }, this.world.now(), result);
    this.zombies.set(workNameIn(batch.run.id, work), late);
  }

  private tell(flight: Flight, outcome: SingleOutcome): void {
    this.tellBatch(outcome, [flight]);
  }

  private tellBatch(batch: OutcomeBatch, flights: readonly Flight[]): void {
    this.world.later(() => {
      const names = flights.map((flight) => workNameIn(flight.batch.run.id, flight.work));
      // Answered for when it was closed.
      if (!names.every((name) => this.flights.delete(name))) return;
      this.host?.outcomes(this.random.chance(0.3) ? [batch, batch] : [batch]);
      this.told.push(batch);
      for (const name of names) {
        const late = this.zombies.get(name);
        if (late !== undefined) this.world.later(() => this.host?.outcomes([late]));
        this.zombies.delete(name);
      }
    });
  }

  private answerNow(ask: Ask, isLate: boolean): Answer {
    const values = this.valuesOf(ask.run);
    const missing = values.missing(readsOfTree(ask.tree), isLate);
    return missing.length > 0 ? { run: ask.run, id: ask.id, kind: "missing", missing } : answer(ask, values);
  }

  private tellAnswer(given: Answer): void {
    this.host?.answers([given]);
  }
}

const killed: OutcomeEnd = { end: "failed", failure: cancelledFailure("killed"), retry: "no" };

function outcomeOf({ batch, work }: Pick<Flight, "batch" | "work">, nowMs: number, result: OutcomeEnd): SingleOutcome {
  return new SingleOutcome(batch.run.id, work.taskRun, work.attempt, nowMs, 1, result);
}

function argumentsOf({ template, work }: AttemptContext, values: HostileValues): readonly unknown[] {
  try {
    return bindArguments(template, work, values);
  } catch (error) {
    throw unreadable(error);
  }
}
