// Owns: links between simulated processes: frames in order, late, and gone with their link when that is cut.
// Does not own: what is said over them, sessions.
// N1. Frames of one way of one link come in the order in which they were sent, or not at all.

import type { SeededRandom } from "../seeded-random.js";
import type { VirtualWorld } from "../virtual-world.js";

export type Link = {
  readonly id: number;
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

export class Network {
  /** Frames that came, and links that were cut. */
  frames = 0;
  cuts = 0;
  private readonly world: VirtualWorld;
  private readonly random: SeededRandom;
  private readonly links = new Map<number, { readonly link: Link; readonly ends: readonly [End, End] }>();
  private last = 0;

  constructor(world: VirtualWorld, random: SeededRandom) {
    this.world = world;
    this.random = random;
  }

  open(ends: readonly [End, End]): Link {
    const link: Link = { id: ++this.last, isOpen: true, lastMs: [0, 0], delayMs: this.random.next() * 5 };
    this.links.set(link.id, { link, ends });
    return link;
  }

  /** `from`: which end sends. */
  send(link: Link, from: 0 | 1, bytes: Uint8Array): void {
    const known = this.links.get(link.id);
    if (known === undefined || !link.isOpen) return;
    const slow = this.random.chance(0.05) ? 50 : 1;
    const atMs = Math.max(this.world.now() + link.delayMs * this.random.next() * slow, link.lastMs[from]);
    link.lastMs[from] = atMs;
    this.world.wakeAt(atMs, () => {
      if (!link.isOpen) return;
      this.frames++;
      known.ends[from === 0 ? 1 : 0].frames(link, bytes);
    });
  }

  /** What is under way is lost; each end hears of it by itself. */
  cut(link: Link): void {
    const known = this.links.get(link.id);
    if (known === undefined || !link.isOpen) return;
    link.isOpen = false;
    this.links.delete(link.id);
    this.cuts++;
    for (const end of known.ends) this.world.wakeAt(this.world.now() + this.random.next() * 5, () => end.cut(link));
  }
}
