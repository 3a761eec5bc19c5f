// Owns: time and order of a simulation, from a seed: what may happen next, in any order; time that passes only when nothing
// else can happen.
// V1. Time stands still while a promise of the user's is pending: a function that waits for real time passes it for all.
// V2. Two worlds of one seed that are told the same do the same.

import type { Clock } from "@millrace/core/seam";
import type { SeededRandom } from "./seeded-random.js";

type Timer = { readonly atMs: number; readonly wake: () => void; readonly isIdle: (() => boolean) | undefined };

const TURNS_MAX = 5_000;

export class VirtualWorld implements Clock {
  /** Steps that were taken. */
  steps = 0;
  private readonly random: SeededRandom;
  private readonly waiting: (() => void)[] = [];
  private readonly timers = new Set<Timer>();
  private nowMs = 1_000_000;
  private users = 0;
  private following = 0;
  private isPumping = false;
  private changed: () => void = () => undefined;
  private readonly onStep: () => void;
  private readonly onQuiet: () => void;
  private readonly onProblem: ((problem: string) => void) | undefined;
  private isStopped = false;

  /**
   * `onStep`: after each one. `onQuiet`: nothing can happen until somebody asks for something. `onProblem`: what a step throws; without
   * it that is an error of the process.
   */
  constructor(random: SeededRandom, onStep: () => void, onQuiet: () => void, onProblem?: (problem: string) => void) {
    this.onProblem = onProblem;
    this.random = random;
    this.onStep = onStep;
    this.onQuiet = onQuiet;
  }

  now(): number {
    return this.nowMs;
  }

  wakeAt(atMs: number, wake: () => void): () => void {
    return this.wakeUnless(atMs, wake, undefined);
  }

  /** While `isIdle` holds, time does not go on for this alone: what only says that it is still there. */
  wakeUnless(atMs: number, wake: () => void, isIdle: (() => boolean) | undefined): () => void {
    const timer = { atMs, wake, isIdle };
    this.timers.add(timer);
    this.start();
    return () => this.timers.delete(timer);
  }

  /** May be done from now on, before or after anything else. */
  later(step: () => void): void {
    this.waiting.push(step);
    this.start();
  }

  /** V1. Waits for what the user's code does. */
  async user<T>(run: () => PromiseLike<T>): Promise<T> {
    this.users++;
    try {
      return await run();
    } finally {
      this.users--;
      this.changed();
    }
  }

  /** Also of what nobody waits for any more it is known whether it goes on: a cancelled function, a dead process's. */
  follow<T>(promise: PromiseLike<T>): PromiseLike<T> {
    this.following++;
    const over = (): void => {
      this.following--;
    };
    promise.then(over, over);
    return promise;
  }

  /** Functions that were left behind end by themselves, or do not: it waits for a while. */
  async leftBehind(): Promise<void> {
    for (let turn = 0; turn < TURNS_MAX && this.following > 0; turn++)
      await new Promise((resolve) => setImmediate(resolve));
  }

  /** For good. */
  stop(): void {
    this.isStopped = true;
    this.waiting.length = 0;
    this.timers.clear();
    this.changed();
  }

  private start(): void {
    this.changed();
    if (this.isPumping || this.isStopped) return;
    this.isPumping = true;
    const { onProblem } = this;
    if (onProblem === undefined) void this.pump();
    else
      this.pump().catch((error: unknown) => {
        onProblem(error instanceof Error ? (error.stack ?? error.message) : String(error));
        this.stop();
        this.onQuiet();
      });
  }

  private async pump(): Promise<void> {
    while (!this.isStopped) {
      if (this.random.chance(0.1)) await new Promise((resolve) => setImmediate(resolve));
      else await Promise.resolve();
      this.nowMs += this.random.next();
      const due = this.nextTimer();
      if (due !== undefined && due.atMs <= this.nowMs) this.fire(due);
      else if (this.waiting.length > 0) this.step();
      else if (this.users > 0) await this.userOrTimer(due);
      else if (due !== undefined && !this.isIdle) this.fire(due);
      else {
        this.onQuiet();
        if (this.waiting.length === 0 && this.isIdle) break;
      }
    }
    this.isPumping = false;
  }

  private get isIdle(): boolean {
    for (const { isIdle } of this.timers) if (isIdle?.() !== true) return false;
    return true;
  }

  private step(): void {
    const at = this.random.below(this.waiting.length);
    const step = this.waiting[at];
    const last = this.waiting.pop();
    if (last !== undefined && at < this.waiting.length) this.waiting[at] = last;
    step?.();
    this.stepped();
  }

  private stepped(): void {
    this.steps++;
    this.onStep();
  }

  private nextTimer(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) if (first === undefined || timer.atMs < first.atMs) first = timer;
    return first;
  }

  private fire(timer: Timer): void {
    this.timers.delete(timer);
    this.nowMs = Math.max(this.nowMs, timer.atMs);
    timer.wake();
    this.stepped();
  }

  /** V1: real time passes; what was to happen in so many milliseconds happens after as many. */
  private userOrTimer(due: Timer | undefined): Promise<void> {
    return new Promise((resolve) => {
      const waitMs = due === undefined ? undefined : Math.max(0, due.atMs - this.nowMs);
      // By the timer alone: how long the user's code really took is nobody's seed.
      const onTime = (): void => {
        this.nowMs += waitMs ?? 0;
        this.changed();
      };
      const timeout = waitMs === undefined ? undefined : setTimeout(onTime, waitMs);
      this.changed = () => {
        this.changed = () => undefined;
        clearTimeout(timeout);
        resolve();
      };
    });
  }
}
