// Owns: an executor that does what a bad day does, from one seed: outcomes in any order, late, doubled, of attempts that are
// long over; answers late and doubled; demand that comes and goes.
// Does not own: one run (`hostile-run`), what the user's code does: it runs the real functions.

import type { Executor } from "@millrace/core";
import type { RunLink, RunRequest } from "@millrace/core/internal";
import { HostileRun } from "./hostile-run.js";
import { SeededRandom } from "./seeded-random.js";

export class HostileExecutor implements Executor {
  readonly name = "HostileExecutor";
  readonly capabilities = { parallel: false, isolated: false, hardCancel: false, remote: false };
  /** Events after which the scheduler was checked, over all runs. */
  checked = 0;
  private readonly seed: number;
  private readonly keepNothing: boolean;
  private runs = 0;

  /** `keepNothing`: values of tasks are let go after their last use, whatever the run asks for. */
  constructor(seed: number, options: { readonly keepNothing?: boolean } = {}) {
    this.seed = seed;
    this.keepNothing = options.keepNothing ?? false;
  }

  open(request: RunRequest): RunLink {
    const random = new SeededRandom(this.seed * 7919 + this.runs++);
    return new HostileRun(request, random, this.keepNothing, () => {
      this.checked++;
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
