// Owns: the executor of a simulated cluster, as a user has it: one client of a cluster of its own.

import type { Executor } from "@millrace/core";
import type { Capabilities, CloseMode, RunLink, RunRequest } from "@millrace/core/seam";
import { checkSimulated } from "../checked-options.js";
import { type SimulatedOptions, SimulatedCluster } from "./simulated-cluster.js";

export class SimulatedExecutor implements Executor {
  readonly name = "SimulatedExecutor";
  readonly cluster: SimulatedCluster;
  private readonly client: Executor;

  /** `seed`: a whole number from 0 on. Throws `INVALID_OPTION`. */
  constructor(seed: number, options: SimulatedOptions = {}) {
    checkSimulated(seed, options);
    this.cluster = new SimulatedCluster(seed, options);
    this.client = this.cluster.client(this);
  }

  get capabilities(): Capabilities {
    return this.client.capabilities;
  }

  open(request: RunRequest): RunLink {
    return this.client.open(request);
  }

  /** What is under way in the network comes to its end. */
  async close(mode: CloseMode = "drain"): Promise<void> {
    if (mode === "kill") {
      await Promise.all([this.client.close("kill"), this.cluster.close("kill")]);
      this.cluster.stop();
    } else {
      await this.client.close(mode);
      await this.cluster.close(mode);
    }
  }

  /** Whatever may have had a body run again. */
  get losses(): number {
    return this.cluster.losses;
  }

  get happened(): ReadonlyMap<string, number> {
    return this.cluster.happened;
  }

  get frames(): number {
    return this.cluster.frames;
  }

  /** Values that its workers have, copies included. */
  get held(): number {
    return this.cluster.held;
  }

  get problems(): readonly string[] {
    return this.cluster.problems;
  }

  quiet(): Promise<void> {
    return this.cluster.quiet();
  }
}
