// Owns: making an executor of a runner: any number of runs over one runner, started once, sharing its demand.
// Does not own: one run (`driver`), running works (the runner).
// E1. An executor starts nothing when it is constructed.
// E2. A runner that costs something while it waits (`keepAliveMs`) is closed when it had no run for so long, and started again
//     by the next one.
// E3. Closing: drain takes no new run and waits for the open ones, which take no more nodes; cancel cancels them first; kill
//     does not wait for their tasks.
// E4. A runner that was killed and is silent holds nothing up: runs that it leaves unanswered fail with `RUNNER_FAULT`.
// E5. A runner that could not start is started again by the next run that comes when it has been cleared away.

import type { Answer, Ask } from "../work/ask.js";
import { type FlowRunId, type TaskRunId, workNameIn } from "../work/ids.js";
import { MillraceError } from "../work/millrace-error.js";
import type { OutcomeBatch } from "../work/outcome.js";
import { RunnerFault } from "../work/runner-fault.js";
import type { Clock } from "./clock.js";
import { CloseInside, ExecutorClosed } from "./closed-errors.js";
import { DemandShare } from "./demand-share.js";
import { Driver } from "./driver.js";
import type { DriverHost, Watch } from "./driver-host.js";
import type { Executor, RunLink, RunRequest } from "./executor.js";
import { tellLate } from "./run-reports.js";
import type { Capabilities, CloseMode, Runner, RunnerHost } from "./runner.js";

/** So long a runner that was killed may take to answer for what it had. */
const KILL_MS = 10_000;

/**
 * A runner, and what hands over a run's values when the run has ended. Without that they stay where they are: the run can still
 * be asked, and what is lost can still be made again, until its values are let go or the executor is closed.
 */
export type RunnerParts = {
  readonly runner: Runner;
  readonly clock: Clock;
  readonly detach?: (run: FlowRunId) => (ask: Ask) => Answer;
  /** How long the runner stays up without a run; undefined: always. */
  readonly keepAliveMs?: number;
  /** Where values are not handed over: a run that has ended, or cannot go on, lets go of all that it has. */
  readonly left?: (run: FlowRunId) => void;
  /** For tests and simulations. */
  readonly watch?: Watch;
  /** Where values can be had at once: one by its exact name. Throws where it is not there. */
  readonly valueAt?: (run: FlowRunId, taskRun: TaskRunId, attempt: number) => unknown;
  /** Attempts name the executor that runs them: a run started inside one works in its slot. */
  readonly ownedBy: (executor: Executor) => void;
  /** Whether the caller is a task that this executor runs. */
  readonly runsCaller: (executor: Executor) => boolean;
};

export class ExecutorOver implements Executor {
  readonly name: string;
  private readonly parts: RunnerParts;
  private readonly drivers = new Map<FlowRunId, Driver>();
  /** Runs that have ended and can still be asked. */
  private readonly ended = new Map<FlowRunId, Driver>();
  private readonly share = new DemandShare();
  private started: Promise<void> | undefined;
  private closed = false;
  private drained: Gate | undefined;
  private unlinger: (() => void) | undefined;

  constructor(name: string, parts: RunnerParts) {
    this.name = name;
    this.parts = parts;
    parts.ownedBy(this);
  }

  get capabilities(): Capabilities {
    return this.parts.runner.capabilities;
  }

  /** Throws `EXECUTOR_CLOSED`. */
  open(request: RunRequest): RunLink {
    return this.drive(request);
  }

  /** The same, for whoever drives it on somebody's behalf. */
  drive(request: RunRequest): Driver {
    if (this.closed) throw new ExecutorClosed(this.name);
    const { id } = request;
    if (this.drivers.has(id))
      throw new MillraceError("RUN_EXISTS", `there is a run ${id} already: it needs another id`);
    this.unlinger?.();
    const started = (this.started ??= this.begin());
    const driver = new Driver(request, this.driverHost(), started);
    // It could not even begin.
    if (driver.broken !== undefined) {
      if (this.drivers.size === 0) this.linger();
      return driver;
    }
    this.drivers.set(id, driver);
    this.share.add(driver, driver.inside);
    // A run that comes when the start has failed already.
    started.catch((error: unknown) => driver.failed(asMillraceError(error)));
    return driver;
  }

  /** Throws `CLOSE_INSIDE` in a task of this executor: it would wait for itself. */
  async close(mode: CloseMode = "drain"): Promise<void> {
    if (mode !== "kill" && this.parts.runsCaller(this)) throw new CloseInside(this.name);
    this.closed = true;
    this.unlinger?.();
    for (const driver of this.drivers.values()) {
      if (mode !== "drain") driver.cancel("the executor was closed");
      driver.takeNoMore(this.name);
    }
    // Closing ends what runs, not values.
    if (mode === "kill") return this.kill();
    await this.runsEnded();
    await this.parts.runner.close(mode);
  }

  /** E4. */
  private async kill(): Promise<void> {
    for (const driver of this.ended.values()) driver.close();
    const { clock, runner } = this.parts;
    const silent = `the ${this.name} was killed, and its runner has not answered for what it was given`;
    const stopWaiting = clock.wakeAt(clock.now() + KILL_MS, () => this.fail(new RunnerFault(silent)));
    try {
      await runner.close("kill");
    } finally {
      await this.runsEnded();
      stopWaiting();
    }
  }

  private async runsEnded(): Promise<void> {
    if (this.drivers.size > 0) await (this.drained ??= gate()).opened;
  }

  private begin(): Promise<void> {
    const started = this.start();
    started.catch((error: unknown) => this.afterFailedStart(started, asMillraceError(error)));
    return started;
  }

  /** E5. */
  private async afterFailedStart(started: Promise<void>, error: MillraceError): Promise<void> {
    // First of all: what a runner that is cleared away answers for its works is not why they failed.
    this.fail(error);
    this.share.setDemand(0);
    try {
      await this.parts.runner.close("kill");
    } catch {
      // It was not up: there is nothing to end.
    }
    if (this.started === started) this.started = undefined;
  }

  private async start(): Promise<void> {
    try {
      await this.parts.runner.start(this.runnerHost());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new RunnerFault(`the ${this.name} could not start: ${reason}`, { cause: error });
    }
  }

  private fail(error: MillraceError): void {
    for (const driver of this.drivers.values()) driver.failed(error);
  }

  private runnerHost(): RunnerHost {
    return {
      demand: (limit) => this.share.setDemand(limit),
      outcomes: (batches, nowMs) => this.onOutcomes(batches, nowMs),
      answers: (answers) => {
        for (const answer of answers) this.driverOf(answer.run)?.answers([answer]);
      },
      valuesLost: (run, values) => this.driverOf(run)?.valuesLost(values),
      reports: (reports) => {
        for (const report of reports) {
          const driver = this.driverOf(report.run);
          if (driver === undefined) tellLate(report);
          else driver.report(report);
        }
      },
      failed: (error) => this.fail(error),
    };
  }

  private onOutcomes(batches: readonly OutcomeBatch[], nowMs: number | undefined): void {
    if (this.share.hasWaiting) this.noteEnded(batches);
    // Neighbours of one run are one step of it, and one message to whoever listens.
    for (let from = 0, end = 1; from < batches.length; end++) {
      const run = batches[from]?.run;
      if (run === undefined || (end < batches.length && batches[end]?.run === run)) continue;
      const own = end - from === batches.length ? batches : batches.slice(from, end);
      this.driverOf(run)?.outcomes(own, nowMs);
      from = end;
    }
  }

  private noteEnded(batches: readonly OutcomeBatch[]): void {
    for (const batch of batches) {
      for (let i = 0; i < batch.length; i++) {
        this.share.workEnded(workNameIn(batch.run, batch.at(i)));
      }
    }
  }

  private driverHost(): DriverHost {
    const { runner, clock, detach, valueAt, watch } = this.parts;
    return {
      watch,
      clock,
      runner,
      valueAt,
      lend: (work) => this.share.lend(work),
      giveBack: (work) => this.share.giveBack(work),
      settled: () => this.share.share(),
      freeing: (driver, count) => {
        if (this.share.contended) driver.setLimit(Math.max(0, driver.open - count));
      },
      ended: (driver) => {
        this.forget(driver);
        if (detach !== undefined) return detach(driver.id);
        this.ended.set(driver.id, driver);
        this.share.add(driver, undefined);
        return undefined;
      },
      left: (driver) => {
        if (!this.ended.delete(driver.id)) return;
        this.share.remove(driver, undefined);
        this.parts.left?.(driver.id);
      },
      broke: (driver) => {
        this.forget(driver);
        if (this.ended.delete(driver.id)) this.share.remove(driver, undefined);
        detach?.(driver.id);
        this.parts.left?.(driver.id);
      },
    };
  }

  private driverOf(run: FlowRunId): Driver | undefined {
    return this.drivers.get(run) ?? this.ended.get(run);
  }

  private forget(driver: Driver): void {
    if (!this.drivers.delete(driver.id)) return;
    this.share.remove(driver, driver.inside);
    if (this.drivers.size > 0) return;
    this.drained?.open();
    if (!this.closed) this.linger();
  }

  /** E2. */
  private linger(): void {
    const { clock, keepAliveMs, runner } = this.parts;
    if (keepAliveMs === undefined) return;
    this.unlinger?.();
    const end = async (): Promise<void> => {
      this.started = undefined;
      try {
        await runner.close("drain");
      } catch {
        // Nobody waits for it, and the next run starts it again.
      }
    };
    this.unlinger = clock.wakeAt(clock.now() + keepAliveMs, () => void end(), true);
  }
}

const asMillraceError = (error: unknown): MillraceError =>
  error instanceof MillraceError ? error : new RunnerFault(String(error), { cause: error });

/** Whoever closes, and however often, waits for the same moment. */
type Gate = { readonly opened: Promise<void>; readonly open: () => void };

function gate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
