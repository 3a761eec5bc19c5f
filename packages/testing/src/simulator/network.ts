// Owns: links between simulated processes: frames in order, late, and gone with their link when that is cut.
// Does not own: what is said over them, sessions.
// N1. Frames of one way of one link come in the order in which they were sent, or not at all; once more they may come at any time,
//     also over a later link of the same two.

import type { SeededRandom } from "../seeded-random.js";
import type { VirtualWorld } from "../virtual-world.js";

export type Link = {
  readonly id: number;
  /** Who dialled. */
  readonly of: string;
  isOpen: boolean;
  /** When the last frame of each way comes. */
  readonly lastMs: [number, number];
  readonly delayMs: number;
};

/** One end of a link. */
export interface End {
  frames(link: Link, bytes: Uint8Array): void;
  cut(link: Link): void;
}

type Way = 0 | 1;
type Open = { readonly link: Link; readonly ends: readonly [End, End] };
/** Frames that went that way between the same two. */
const PAST_MAX = 200;

export class Network {
  /** Frames that came, and links that were cut. */
  frames = 0;
  cuts = 0;
  private readonly world: VirtualWorld;
  private readonly random: SeededRandom;
  private readonly links = new Map<number, Open>();
  private readonly past = new Map<string, { readonly way: Way; readonly bytes: Uint8Array }[]>();
  private last = 0;

  constructor(world: VirtualWorld, random: SeededRandom) {
    this.world = world;
    this.random = random;
  }

  open(of: string, ends: readonly [End, End]): Link {
    const link: Link = { id: ++this.last, of, isOpen: true, lastMs: [0, 0], delayMs: this.random.next() * 5 };
    this.links.set(link.id, { link, ends });
    return link;
  }

  find(id: number): Link | undefined {
    return this.links.get(id)?.link;
  }

  get openLinks(): readonly Link[] {
    return [...this.links.values()].map(({ link }) => link);
  }

  /** `from`: which end sends. */
  send(link: Link, from: Way, bytes: Uint8Array): void {
    this.remember(link, from, bytes);
    if (!link.isOpen) return;
    const slow = this.random.chance(0.05) ? 50 : 1;
    const atMs = Math.max(this.world.now() + link.delayMs * this.random.next() * slow, link.lastMs[from]);
    link.lastMs[from] = atMs;
    this.world.wakeAt(atMs, () => this.arrive(link, from, bytes));
  }

  /** What is under way is lost; each end hears of it by itself, or one of them does not. */
  cut(link: Link, unheard?: Way): void {
    const known = this.links.get(link.id);
    if (known === undefined) return;
    link.isOpen = false;
    this.links.delete(link.id);
    this.cuts++;
    for (const [way, end] of known.ends.entries())
      if (way !== unheard) this.world.wakeAt(this.world.now() + this.random.next() * 5, () => end.cut(link));
  }

  /** When what is under way has come. */
  finish(link: Link): void {
    this.world.wakeAt(Math.max(...link.lastMs), () => this.cut(link));
  }

  /** Both ways of it stand still for so long. False: they do already. */
  clog(link: Link, ms: number): boolean {
    const untilMs = this.world.now() + ms;
    if (Math.min(...link.lastMs) >= untilMs) return false;
    // Never earlier than what is under way: the order of frames holds.
    for (const way of [0, 1] as const) link.lastMs[way] = Math.max(link.lastMs[way], untilMs);
    return true;
  }

  /** Something that went between the same two comes once more. False: nothing ever did. */
  replay(link: Link): boolean {
    const past = this.past.get(link.of) ?? [];
    const again = past[this.random.below(Math.max(1, past.length))];
    if (again === undefined) return false;
    this.world.wakeAt(this.world.now() + this.random.next() * 20, () => this.arrive(link, again.way, again.bytes));
    return true;
  }

  private arrive(link: Link, from: Way, bytes: Uint8Array): void {
    const known = this.links.get(link.id);
    if (known === undefined) return;
    this.frames++;
    known.ends[from === 0 ? 1 : 0].frames(link, bytes);
  }

  private remember({ of }: Link, way: Way, bytes: Uint8Array): void {
    let past = this.past.get(of);
    if (past === undefined) {
      past = [];
      this.past.set(of, past);
    }
    if (past.length < PAST_MAX) past.push({ way, bytes });
    else past[this.random.below(PAST_MAX)] = { way, bytes };
  }
}
