// Two sides of sessions over a network in which everything goes wrong, from a seed, and what must hold all the same.
import {
  DialledSession,
  type DiallingEffect,
  FROM_WORKER,
  type FromWorker,
  type ListeningEffect,
  Sessions,
  type SessionOptions,
  TO_WORKER,
  type ToWorker,
} from "@millrace/distributed/seam";
import { SeededRandom } from "@millrace/testing/seam";

type Way = 0 | 1;
type Link = {
  readonly id: number;
  readonly peer: Peer;
  isOpen: boolean;
  readonly lastMs: [number, number];
  readonly isMute: [boolean, boolean];
};

export type NetworkFaults = {
  readonly cut: number;
  readonly replay: number;
  readonly mute: number;
  readonly restart: number;
  readonly flip: number;
  readonly vanish: number;
};
export const NO_NETWORK_FAULTS: NetworkFaults = { cut: 0, replay: 0, mute: 0, restart: 0, flip: 0, vanish: 0 };
export const NETWORK_FAULTS: NetworkFaults = {
  cut: 0.05,
  replay: 0.1,
  mute: 0.01,
  restart: 0.01,
  flip: 0.01,
  vanish: 0.2,
};

/** What one life of a peer said, and what of the other side's words it heard. */
class Life {
  readonly number: number;
  readonly heard: number[] = [];
  said = 0;

  constructor(number: number) {
    this.number = number;
  }
}

export class Peer {
  readonly name: string;
  readonly lives: Life[] = [];
  dialled: DialledSession<FromWorker, ToWorker>;
  link: Link | undefined;
  refused: string | undefined;
  private readonly net: SessionNetwork;
  private unwake: (() => void) | undefined;
  private isOff = false;

  constructor(name: string, net: SessionNetwork) {
    this.name = name;
    this.net = net;
    this.dialled = this.begin();
  }

  get life(): Life {
    const life = this.lives.at(-1);
    if (life === undefined) throw new Error("it never began");
    return life;
  }

  /** A process of that name, that knows nothing. */
  begin(): DialledSession<FromWorker, ToWorker> {
    this.unwake?.();
    this.lives.push(new Life(this.net.nextLife()));
    const { name } = this;
    const { options } = this.net;
    const ways = { out: FROM_WORKER, into: TO_WORKER };
    this.dialled = new DialledSession({
      role: "worker",
      name,
      ways,
      release: "1",
      options,
      onPair: (state, event) => this.net.note(`dialled ${state}/${event}`),
    });
    this.run((effects) => this.dialled.start(this.net.nowMs, effects));
    return this.dialled;
  }

  restart(): void {
    if (this.isOff) return;
    const { link } = this;
    this.link = undefined;
    const comesLate = this.net.random.chance(0.3);
    // A machine that loses its power tells nobody.
    if (link !== undefined) this.net.cut(link, comesLate);
    if (!comesLate) return void this.begin();
    this.unwake?.();
    this.isOff = true;
    this.net.after(20_000, () => {
      this.isOff = false;
      this.begin();
    });
  }

  say(): void {
    if (this.isOff) return;
    const { number } = this.life;
    const running = number * 10_000 + ++this.life.said;
    this.run((effects) =>
      this.dialled.send([{ kind: "status", running, memory: 0, level: "free" }], this.net.nowMs, effects),
    );
  }

  bytes(link: Link, bytes: Uint8Array): void {
    if (this.link === link) this.run((effects) => this.dialled.bytes(link.id, bytes, this.net.nowMs, effects));
  }

  closed(link: Link): void {
    if (this.link !== link) return;
    this.link = undefined;
    this.run((effects) => this.dialled.linkClosed(link.id, this.net.nowMs, effects));
  }

  private run(step: (effects: DiallingEffect<ToWorker>[]) => void): void {
    if (this.isOff) return;
    const effects: DiallingEffect<ToWorker>[] = [];
    step(effects);
    this.dialled.validate();
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: DiallingEffect<ToWorker>): void {
    const { dialled } = this;
    switch (effect.kind) {
      case "send":
        if (this.link?.id === effect.link) this.net.send(this.link, 1, effect.bytes);
        return;
      case "close": {
        const { link } = this;
        if (link?.id !== effect.link) return;
        this.link = undefined;
        return this.net.cut(link);
      }
      case "dial":
        this.net.after(this.net.random.next() * 5, () => {
          if (this.dialled !== dialled || this.net.random.chance(this.net.faults.mute)) return;
          if (this.net.random.chance(this.net.faults.cut))
            return this.run((effects) => dialled.linkClosed(undefined, this.net.nowMs, effects));
          const link = this.net.open(this);
          this.link = link;
          this.run((effects) => dialled.linkOpened(link.id, this.net.nextLife(), this.net.nowMs, effects));
        });
        return;
      case "opened":
      case "drained":
        return;
      case "received":
        for (const message of effect.messages) if (message.kind === "peerGone") this.life.heard.push(message.worker);
        return;
      case "lost":
        this.lives.push(new Life(this.net.nextLife()));
        return;
      case "refused":
        this.refused = effect.code;
        return;
      case "wakeAt":
        this.unwake?.();
        this.unwake = this.net.after(effect.atMs - this.net.nowMs, () => {
          if (this.dialled === dialled) this.run((effects) => dialled.woke(this.net.nowMs, effects));
        });
        return;
      default:
        return effect satisfies never;
    }
  }
}

type Heard = {
  readonly name: string;
  readonly said: number[];
  saidTo: number;
  readonly number: number;
  lost: string | undefined;
};

export class SessionNetwork {
  nowMs = 1_000_000;
  faults: NetworkFaults;
  readonly random: SeededRandom;
  readonly options: Partial<SessionOptions>;
  readonly sessions: Sessions<ToWorker, FromWorker>;
  /** By session. */
  readonly heard = new Map<string, Heard>();
  readonly pairs = new Set<string>();
  readonly lost: string[] = [];
  readonly peers: Peer[] = [];
  private readonly links = new Map<number, Link>();
  private readonly past: { readonly peer: Peer; readonly way: Way; readonly bytes: Uint8Array }[] = [];
  private readonly timers = new Set<{ readonly atMs: number; readonly run: () => void }>();
  private lastLink = 0;
  private lastSession = 0;
  private lastLife = 0;

  constructor(seed: number, faults: NetworkFaults = NETWORK_FAULTS, options: Partial<SessionOptions> = {}) {
    this.random = new SeededRandom(seed);
    this.faults = faults;
    this.options = options;
    this.sessions = new Sessions({
      role: "worker",
      ways: { out: TO_WORKER, into: FROM_WORKER },
      release: "1",
      newId: () => `s${++this.lastSession}`,
      options,
      onPair: (state, event) => this.note(`listening ${state}/${event}`),
    });
  }

  nextLife(): number {
    return ++this.lastLife;
  }

  note(pair: string): void {
    this.pairs.add(pair);
  }

  addPeer(name: string): Peer {
    const peer = new Peer(name, this);
    this.peers.push(peer);
    return peer;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { atMs: this.nowMs + Math.max(0, ms), run };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  open(peer: Peer): Link {
    const isMute = this.random.chance(this.faults.mute);
    const link: Link = { id: ++this.lastLink, peer, isOpen: true, lastMs: [0, 0], isMute: [isMute, isMute] };
    this.links.set(link.id, link);
    this.serve((effects) => this.sessions.linkOpened(link.id, this.nowMs, effects));
    return link;
  }

  cut(link: Link, unnoticed = this.random.chance(this.faults.vanish)): void {
    if (!link.isOpen) return;
    link.isOpen = false;
    this.links.delete(link.id);
    this.after(this.random.next() * 5, () => link.peer.closed(link));
    // Its end vanished, and nobody says so (N4).
    if (unnoticed) return;
    this.after(this.random.next() * 5, () =>
      this.serve((effects) => this.sessions.linkClosed(link.id, this.nowMs, effects)),
    );
  }

  /** `way` 1: to the side that listens. */
  send(link: Link, way: Way, bytes: Uint8Array): void {
    this.past.push({ peer: link.peer, way, bytes: bytes.slice() });
    if (!link.isOpen || link.isMute[way]) return;
    const changed = this.random.chance(this.faults.flip) ? flipped(bytes, this.random) : bytes;
    const atMs = Math.max(link.lastMs[way], this.nowMs + this.random.next() * 20);
    link.lastMs[way] = atMs;
    this.after(atMs - this.nowMs, () => this.arrive(link, way, changed));
  }

  private arrive(link: Link, way: Way, bytes: Uint8Array): void {
    if (!link.isOpen) return;
    if (way === 0) link.peer.bytes(link, bytes);
    else this.serve((effects) => this.sessions.bytes(link.id, bytes, this.nowMs, effects));
  }

  /** To a session, as the side that listens. */
  say(id: string): void {
    const heard = this.heard.get(id);
    if (heard === undefined) return;
    // To one that is lost it is said all the same, and nobody hears it.
    const worker = heard.number * 10_000 + (heard.lost === undefined ? ++heard.saidTo : 9_999);
    this.serve((effects) => this.sessions.send(id, [{ kind: "peerGone", worker }], this.nowMs, effects));
  }

  /** One thing that goes wrong, or not. */
  disturb(): void {
    const { faults, random } = this;
    const open = [...this.links.values()];
    const link = open[random.below(Math.max(1, open.length))];
    if (link !== undefined && random.chance(faults.cut)) this.cut(link);
    else if (link !== undefined && random.chance(faults.mute)) link.isMute[random.below(2) === 0 ? 0 : 1] = true;
    else if (link !== undefined && random.chance(faults.replay)) {
      const again = this.past[random.below(this.past.length)];
      if (again?.peer === link.peer) this.after(random.next() * 10, () => this.arrive(link, again.way, again.bytes));
    } else if (random.chance(faults.restart)) this.peers[random.below(this.peers.length)]?.restart();
  }

  /** Until that time, or until nothing is due. */
  run(untilMs: number, each: () => void = () => undefined): void {
    for (let next = this.next(); next !== undefined && next.atMs <= untilMs; next = this.next()) {
      this.timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
      this.sessions.validate();
      each();
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  private next(): { readonly atMs: number; readonly run: () => void } | undefined {
    let first: { readonly atMs: number; readonly run: () => void } | undefined;
    for (const timer of this.timers) if (first === undefined || timer.atMs < first.atMs) first = timer;
    return first;
  }

  private serve(step: (effects: ListeningEffect<FromWorker>[]) => void): void {
    const effects: ListeningEffect<FromWorker>[] = [];
    step(effects);
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: ListeningEffect<FromWorker>): void {
    switch (effect.kind) {
      case "send": {
        const link = this.links.get(effect.link);
        if (link !== undefined) this.send(link, 0, effect.bytes);
        return;
      }
      case "close": {
        const link = this.links.get(effect.link);
        if (link !== undefined) this.cut(link);
        return;
      }
      case "opened":
        if (effect.isNew)
          this.heard.set(effect.session, {
            name: effect.name,
            said: [],
            saidTo: 0,
            number: this.nextLife(),
            lost: undefined,
          });
        return;
      case "received": {
        const heard = this.heard.get(effect.session);
        for (const message of effect.messages) if (message.kind === "status") heard?.said.push(message.running);
        return;
      }
      case "lost": {
        this.lost.push(effect.reason);
        const heard = this.heard.get(effect.session);
        if (heard !== undefined) heard.lost = effect.reason;
        return;
      }
      case "wakeAt":
        this.after(effect.atMs - this.nowMs, () => this.serve((effects) => this.sessions.woke(this.nowMs, effects)));
        return;
      default:
        return effect satisfies never;
    }
  }

  /** What was heard that was not said like that. */
  problems(): readonly string[] {
    const found: string[] = [];
    const inOrder = (what: string, heard: readonly number[]): void => {
      const first = heard[0];
      if (first === undefined) return;
      if (first % 10_000 !== 1) found.push(`${what} begins with ${first}`);
      for (const [i, number] of heard.entries())
        if (number !== first + i) found.push(`${what} heard ${number} after ${first + i - 1}`);
    };
    const listeners = new Map<number, string>();
    for (const [id, { said }] of this.heard) {
      inOrder(`session ${id}`, said);
      const life = Math.floor((said[0] ?? 0) / 10_000);
      if (life > 0 && listeners.has(life)) found.push(`life ${life} was heard by ${listeners.get(life)} and ${id}`);
      listeners.set(life, id);
    }
    for (const peer of this.peers)
      for (const { number, heard } of peer.lives) inOrder(`life ${number} of ${peer.name}`, heard);
    return found;
  }

  /** When all is quiet and nothing is wrong: whoever is connected has heard all. */
  unheard(): readonly string[] {
    return this.peers.flatMap((peer) => {
      const session = [...this.heard.values()].find(({ name, lost }) => name === peer.name && lost === undefined);
      if (session === undefined) return [`${peer.name} has no session`];
      const { said, heard } = peer.life;
      const found: string[] = [];
      if (session.said.length !== said)
        found.push(`of ${said} that ${peer.name} said, ${session.said.length} were heard`);
      if (session.saidTo !== heard.length)
        found.push(`of ${session.saidTo} said to ${peer.name}, ${heard.length} were heard`);
      return found;
    });
  }
}

function flipped(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const changed = bytes.slice();
  const at = random.below(changed.length);
  changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
  return changed;
}
