// Owns: the five policies that the placement is measured against. Four take the best ready task for a worker as soon as one is
// idle, and of the idle workers the one that has to fetch least (random: any); the fifth binds a task when it becomes ready.
import { SeededRandom } from "./seeded.js";
import { BYTES_A_MS, type Cluster, type Policy } from "./cluster.js";
import { Learned } from "./learned.js";
import { at } from "./traces.js";

abstract class Peer implements Policy {
  protected readonly ready: number[] = [];

  start(cluster: Cluster): void {
    this.learned = new Learned(cluster.tasks);
    this.cluster = cluster;
    cluster.left.forEach((left, task) => {
      if (left === 0) this.ready.push(task);
    });
    this.decide();
  }

  ended(task: number, worker: number): void {
    this.learned.note(task);
    this.forget(task, worker);
    for (const child of at(this.cluster.tasks, task).children)
      if (this.cluster.left[child] === 0) this.ready.push(child);
    this.decide();
  }

  began(_task: number, _worker: number): void {}
  fetched(_value: number, _worker: number, _ms: number): void {}
  woke(): void {}
  protected forget(_task: number, _worker: number): void {}
  protected abstract decide(): void;

  protected learned = new Learned([]);
  private known: Cluster | undefined;
  protected get cluster(): Cluster {
    if (this.known === undefined) throw new Error("it has not started");
    return this.known;
  }
  protected set cluster(cluster: Cluster) {
    this.known = cluster;
  }
}

/** `worth`: the ready task with the most of it goes first, the earliest among equals. */
class ListPeer extends Peer {
  private readonly worth: (learned: Learned, task: number) => number;
  constructor(worth: (learned: Learned, task: number) => number) {
    super();
    this.worth = worth;
  }

  protected decide(): void {
    let idle = this.cluster.idle;
    while (idle.length > 0 && this.ready.length > 0) {
      let best = 0;
      for (let i = 1; i < this.ready.length; i++)
        if (this.worth(this.learned, at(this.ready, i)) > this.worth(this.learned, at(this.ready, best))) best = i;
      const [task = 0] = this.ready.splice(best, 1);
      const bytes = idle.map((worker) => this.cluster.missingBytes(task, worker));
      const worker = at(idle, bytes.indexOf(Math.min(...bytes)));
      this.cluster.send(task, worker);
      idle = idle.filter((other) => other !== worker);
    }
  }
}

class RandomPeer extends Peer {
  private readonly random = new SeededRandom(1);

  protected decide(): void {
    const idle = [...this.cluster.idle];
    while (idle.length > 0 && this.ready.length > 0) {
      const [task = 0] = this.ready.splice(this.random.below(this.ready.length), 1);
      const [worker = 0] = idle.splice(this.random.below(idle.length), 1);
      this.cluster.send(task, worker);
    }
  }
}

class EarliestStartPeer extends Peer {
  private readonly begunMs = new Map<number, number>();
  private readonly queued = new Map<number, Set<number>>();

  override began(task: number): void {
    this.begunMs.set(task, this.cluster.nowMs);
  }

  protected override forget(task: number, worker: number): void {
    this.queued.get(worker)?.delete(task);
  }

  protected decide(): void {
    for (const task of this.ready.splice(0)) {
      let best = 0;
      let bestMs = Number.POSITIVE_INFINITY;
      for (let worker = 0; worker < this.cluster.workers.length; worker++) {
        const startMs = this.queueMs(worker) + this.cluster.missingBytes(task, worker) / BYTES_A_MS;
        if (startMs >= bestMs) continue;
        best = worker;
        bestMs = startMs;
      }
      const queued = this.queued.get(best) ?? new Set();
      this.queued.set(best, queued.add(task));
      this.cluster.send(task, best);
    }
  }

  private queueMs(worker: number): number {
    let ms = 0;
    for (const task of this.queued.get(worker) ?? []) {
      const begun = this.begunMs.get(task);
      const spent = begun === undefined ? 0 : this.cluster.nowMs - begun;
      ms += Math.max(0, this.learned.ms(task) - spent);
    }
    return ms;
  }
}

export const PEERS: Readonly<Record<string, () => Policy>> = {
  random: () => new RandomPeer(),
  fifo: () => new ListPeer(() => 0),
  bLevel: () => new ListPeer((learned, task) => learned.bLevel(task)),
  tLevel: () => new ListPeer((learned, task) => -learned.tLevel(task)),
  earliestStart: () => new EarliestStartPeer(),
};
