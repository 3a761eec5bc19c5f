// Owns: values between simulated processes: frames of a peer that asks and one that holds, with what goes wrong between them.

import type { EncodedValue } from "@millrace/core/seam";
import { BETWEEN_PEERS, type BetweenPeers, FrameWriter, readFrame } from "@millrace/distributed/seam";
import type { SeededRandom } from "../seeded-random.js";
import type { VirtualWorld } from "../virtual-world.js";
import { answersTo } from "./pieces.js";

/** Whether this one goes wrong; it counts. */
export type Chance = (probability: "truncate" | "corrupt" | "silence") => boolean;

export class Peers {
  private readonly world: VirtualWorld;
  private readonly random: SeededRandom;
  private readonly chance: Chance;
  private readonly writer = new FrameWriter(BETWEEN_PEERS);

  constructor(world: VirtualWorld, random: SeededRandom, chance: Chance) {
    this.world = world;
    this.random = random;
    this.chance = chance;
  }

  /** `find` undefined: the peer is gone by then. `tell`: the answers, one by one; `over`: nothing more comes. */
  ask(
    message: BetweenPeers,
    find: () => ((key: number) => EncodedValue | undefined) | undefined,
    tell: (message: BetweenPeers) => void,
    over: () => void,
  ): void {
    const asked = this.sent(message);
    this.soon(() => {
      const held = find();
      if (held === undefined || asked.kind !== "wanted") return this.soon(over);
      if (this.chance("silence")) return;
      let atMs = this.world.now();
      for (const given of answersTo(asked, held)) {
        if (given.kind === "piece" && this.chance("truncate")) continue;
        const came = this.sent(given.kind === "piece" && this.chance("corrupt") ? spoiled(given, this.random) : given);
        atMs += this.random.next() * 5;
        this.world.wakeAt(atMs, () => tell(came));
      }
    });
  }

  /** Through a frame. */
  private sent(message: BetweenPeers): BetweenPeers {
    this.writer.add(message, 0, 0);
    return readFrame(BETWEEN_PEERS, this.writer.take()).message;
  }

  private soon(step: () => void): void {
    this.world.wakeAt(this.world.now() + this.random.next() * 5, step);
  }
}

/** Other bytes than were meant, as of another value. */
function spoiled(piece: Extract<BetweenPeers, { kind: "piece" }>, random: SeededRandom): BetweenPeers {
  const bytes = piece.bytes.slice();
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  return { ...piece, bytes };
}
