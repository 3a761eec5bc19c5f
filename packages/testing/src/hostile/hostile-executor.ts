// Owns: an executor over the hostile runner, on virtual time.

import { ExecutorOver, PAGE_ROWS, type RunLink, type RunRequest, workInside } from "@millrace/core/seam";
import { checkHostile } from "../checked-options.js";
import { SeededRandom } from "../seeded-random.js";
import { VirtualWorld } from "../virtual-world.js";
import { CheckedRuns } from "./checked-runs.js";
import { HostileLink } from "./hostile-link.js";
import { HostileRunner } from "./hostile-runner.js";
import { HOSTILE, type Hostility } from "./hostility.js";

export type HostileOptions = {
  readonly hostility?: Hostility;
  /** Values of tasks are let go after their last use, whatever the run asks for; what is read of them is a copy. */
  readonly keepNothing?: boolean;
};

export class HostileExecutor extends ExecutorOver {
  private readonly world: VirtualWorld;
  private readonly waiting: (() => void)[] = [];
  private readonly runner: HostileRunner;
  private readonly checks: CheckedRuns;
  private readonly keepNothing: boolean;

  /** `seed`: a whole number from 0 on. Throws `INVALID_OPTION`. */
  constructor(seed: number, options: HostileOptions = {}) {
    checkHostile(seed, options);
    const { hostility = HOSTILE, keepNothing = false } = options;
    const random = new SeededRandom(seed * 7919);
    const checks = new CheckedRuns(1 + random.below(6));
    const world = new VirtualWorld(
      random,
      () => runner.disturb(),
      () => {
        runner.wakeUp();
        onQuiet();
      },
    );
    let onQuiet = (): void => undefined;
    const runner = new HostileRunner(random, world, hostility);
    super("HostileExecutor", {
      runner,
      clock: world,
      watch: checks,
      ownedBy: (executor) => {
        runner.executor = executor;
      },
      runsCaller: (executor) => workInside(executor) !== undefined,
    });
    onQuiet = () => {
      for (const tell of this.waiting.splice(0)) tell();
    };
    this.world = world;
    this.runner = runner;
    this.checks = checks;
    this.keepNothing = keepNothing;
  }

  /** Events after which a scheduler was checked, over all runs. */
  get checked(): number {
    return this.checks.checked;
  }

  /** Attempts that died and values that were lost, so far: for each a body may run once more, or several. */
  get losses(): number {
    return (this.happened.get("die") ?? 0) + (this.happened.get("lose") ?? 0);
  }

  /** What went wrong, by kind. */
  get happened(): ReadonlyMap<string, number> {
    return this.runner.happened;
  }

  /** What ought not to have happened: values read that were let go, or that a zombie stored; runs that stand still. */
  get problems(): readonly string[] {
    return [...this.runner.faults, ...this.checks.standing(), ...this.leftOver()];
  }

  /** Nothing can happen any more, unless somebody asks for something. */
  quiet(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.world.later(() => undefined);
    });
  }

  /** Values that nobody holds, of runs that have ended. */
  private leftOver(): readonly string[] {
    return this.checks.ended().flatMap(([run, { state }]) => {
      if (state.cancelReason !== undefined) return [];
      const left = this.runner
        .valuesOf(run)
        .left()
        .filter((row) => {
          const node = state.table.mapOfRow(row)?.node ?? row;
          return state.isDropped(node) || (state.nodePage(node).holds[node & (PAGE_ROWS - 1)] ?? 0) === 0;
        });
      return left.length === 0 ? [] : [`run ${run} has left ${left.join(", ")}`];
    });
  }

  override open(request: RunRequest): RunLink {
    const lean = this.keepNothing && request.keepResults === "all";
    const link = super.open(lean ? { ...request, keepResults: "returned" } : request);
    const values = this.runner.valuesOf(request.id);
    return new HostileLink(link, request, { checks: this.checks, values, keepNothing: this.keepNothing });
  }
}
