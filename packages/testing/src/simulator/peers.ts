// Owns: who asks whom for values: one link for each two, from the first request on until it ends.

import type { BetweenPeers } from "@millrace/distributed/seam";
import { type Asker, type Holder, PeerLink, type PeerSurroundings } from "./peer-link.js";

export class Peers {
  private readonly around: PeerSurroundings;
  /** Undefined: it is not there now. */
  private readonly holderOf: (peer: number) => Holder | undefined;
  private readonly links = new Map<Asker, Map<number, PeerLink>>();

  constructor(around: PeerSurroundings, holderOf: (peer: number) => Holder | undefined) {
    this.around = around;
    this.holderOf = holderOf;
  }

  /** Answers and ends of requests come to the asker. */
  say(asker: Asker, peer: number, message: BetweenPeers): void {
    let links = this.links.get(asker);
    if (links === undefined) {
      links = new Map();
      this.links.set(asker, links);
    }
    let link = links.get(peer);
    if (link === undefined || link.isOver) {
      if (message.kind !== "wanted") return;
      const holder = this.holderOf(peer);
      const { world } = asker;
      if (holder === undefined) {
        const { request } = message;
        world.wakeAt(world.now() + this.around.random.next() * 5, () => asker.requestEnded(request, []));
        return;
      }
      link = new PeerLink(`to ${peer}`, asker, holder, this.around);
      links.set(peer, link);
    }
    link.say(message);
  }

  /** That process has died: links end, also without whoever asks it noticing. */
  died(worker: Asker, peer: number): void {
    for (const link of this.links.get(worker)?.values() ?? []) link.forget();
    this.links.delete(worker);
    for (const links of this.links.values()) links.get(peer)?.cut();
  }
}
