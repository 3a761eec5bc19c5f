// Owns: the time of one simulated process: it may stand still, and then all that was due in it comes at once, in its order.

import type { Clock } from "@millrace/core/seam";
import type { VirtualWorld } from "../virtual-world.js";

export class SimProcess implements Clock {
  private readonly world: VirtualWorld;
  private pausedUntilMs = 0;

  constructor(world: VirtualWorld) {
    this.world = world;
  }

  now(): number {
    return this.world.now();
  }

  wakeAt(atMs: number, wake: () => void): () => void {
    return this.wakeUnless(atMs, wake, undefined);
  }

  /** As in the world. */
  wakeUnless(atMs: number, wake: () => void, isIdle: (() => boolean) | undefined): () => void {
    const run = (): void => {
      if (this.isPaused) stop = this.world.wakeUnless(this.pausedUntilMs, run, isIdle);
      else wake();
    };
    let stop = this.world.wakeUnless(atMs, run, isIdle);
    return () => stop();
  }

  /** What comes from outside. */
  hear(step: () => void): void {
    if (this.isPaused) this.wakeAt(this.pausedUntilMs, step);
    else step();
  }

  user<T>(run: () => PromiseLike<T>): Promise<T> {
    return this.world.user(run);
  }

  follow<T>(promise: PromiseLike<T>): PromiseLike<T> {
    return this.world.follow(promise);
  }

  pause(ms: number): void {
    this.pausedUntilMs = Math.max(this.pausedUntilMs, this.world.now() + ms);
  }

  private get isPaused(): boolean {
    return this.world.now() < this.pausedUntilMs;
  }
}
