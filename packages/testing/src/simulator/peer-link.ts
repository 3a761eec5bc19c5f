// Owns: one link between a process that wants values and one that has them: requests one way, pieces the other, as frames, and what
// goes wrong with them on their way.
// Does not own: how frames travel (`network`), which process asks which over which link (`peers`).

import type { EncodedValue, FlowRunId } from "@millrace/core/seam";
import { BETWEEN_PEERS, type BetweenPeers, FrameWriter, readFrame } from "@millrace/distributed/seam";
import type { SeededRandom } from "../seeded-random.js";
import type { FaultKind } from "./faults.js";
import type { End, Link, Network } from "./network.js";
import { answersTo, PIECE_BYTES } from "./pieces.js";
import type { SimProcess } from "./sim-process.js";

export type PeerFault = Extract<FaultKind, "truncate" | "corrupt" | "silence" | "slow" | "peerCut">;
type Piece = Extract<BetweenPeers, { kind: "piece" }>;
type Wanted = Extract<BetweenPeers, { kind: "wanted" }>;

/** A process that wants values. */
export interface Asker {
  readonly world: SimProcess;
  fromPeer(message: BetweenPeers): void;
  requestEnded(request: number, missing: readonly []): void;
}

/** A process that has values. */
export type Holder = {
  readonly process: SimProcess;
  find(run: FlowRunId): (key: number) => EncodedValue | undefined;
  /** Until then it sends a few bytes at a time. */
  slowUntilMs: number;
};

export type PeerSurroundings = {
  readonly network: Network;
  readonly random: SeededRandom;
  /** Whether this goes wrong now; it counts. */
  readonly goesWrong: (kind: PeerFault) => boolean;
  readonly note: (what: string) => void;
};

/** So a value of some tens of bytes takes longer than a request may stand still. */
const SLOW_BYTES = 3;
const SLOW_MS = 60_000;
const HOLDER = 0;
const ASKER = 1;

export class PeerLink {
  /** The asker knows that it has ended. */
  isOver = false;
  private readonly asker: Asker;
  private readonly holder: Holder;
  private readonly link: Link;
  private readonly around: PeerSurroundings;
  private readonly writer = new FrameWriter(BETWEEN_PEERS);
  /** Requests without their end, and those that are being answered. */
  private readonly asked = new Set<number>();
  private readonly given = new Set<number>();

  constructor(name: string, asker: Asker, holder: Holder, around: PeerSurroundings) {
    this.asker = asker;
    this.holder = holder;
    this.around = around;
    const holderEnd: End = {
      frames: (_, bytes) => holder.process.hear(() => this.onWanted(this.read(bytes))),
      cut: () => this.given.clear(),
    };
    const askerEnd: End = {
      frames: (_, bytes) => asker.world.hear(() => this.onGiven(this.read(bytes))),
      cut: () => asker.world.hear(() => this.over()),
    };
    this.link = around.network.open(name, [holderEnd, askerEnd]);
  }

  /** Of the asker. */
  say(message: BetweenPeers): void {
    if (message.kind === "wanted") this.asked.add(message.request);
    else if (message.kind === "unwanted") this.asked.delete(message.request);
    const { world } = this.asker;
    if (this.link.isOpen) this.send(ASKER, message);
    // Whoever writes hears that there is nobody.
    else world.wakeAt(world.now() + this.around.random.next() * 5, () => this.over());
  }

  /** The holder has gone. */
  cut(): void {
    const { network, random } = this.around;
    network.cut(this.link, random.chance(0.3) ? ASKER : undefined);
  }

  /** The asker has gone, and what it wanted with it. */
  forget(): void {
    this.asked.clear();
    this.around.network.cut(this.link);
  }

  private over(): void {
    this.isOver = true;
    const open = [...this.asked];
    this.asked.clear();
    for (const request of open) this.asker.requestEnded(request, []);
  }

  private onGiven(message: BetweenPeers): void {
    if (message.kind === "missing") this.asked.delete(message.request);
    this.asker.fromPeer(message);
  }

  private onWanted(message: BetweenPeers): void {
    if (message.kind === "unwanted") this.given.delete(message.request);
    if (message.kind !== "wanted" || this.around.goesWrong("silence")) return;
    const { holder, around } = this;
    const nowMs = holder.process.now();
    if (around.goesWrong("slow")) holder.slowUntilMs = nowMs + around.random.next() * SLOW_MS;
    this.given.add(message.request);
    this.give(message, nowMs < holder.slowUntilMs);
  }

  private give(wanted: Wanted, isSlow: boolean): void {
    const { random } = this.around;
    const { process } = this.holder;
    const short = random.chance(0.1) ? 1 + random.below(32) : PIECE_BYTES;
    const most = isSlow ? SLOW_BYTES : short;
    const answers = answersTo(wanted, this.holder.find(wanted.run), most);
    const next = (): void => {
      while (this.link.isOpen && this.given.has(wanted.request)) {
        const { value: message } = answers.next();
        if (message === undefined) return void this.given.delete(wanted.request);
        if (message.kind === "piece") this.sendPiece(message, most);
        else this.send(HOLDER, message);
        if (isSlow) return void process.wakeAt(process.now() + 1_000 + random.next() * 3_000, next);
      }
    };
    next();
  }

  private sendPiece(piece: Piece, most: number): void {
    const { network, random, goesWrong } = this.around;
    const length = piece.parts.reduce((sum, part) => sum + part, 0);
    // As likely for a value, in however many pieces it goes.
    if (!random.chance(most / length)) return this.send(HOLDER, piece);
    if (goesWrong("peerCut")) return network.cut(this.link, random.chance(0.2) ? ASKER : undefined);
    if (goesWrong("truncate")) return;
    this.send(HOLDER, goesWrong("corrupt") ? spoiled(piece, random) : piece);
  }

  private send(from: typeof HOLDER | typeof ASKER, message: BetweenPeers): void {
    this.writer.add(message, 0, 0);
    this.around.network.send(this.link, from, this.writer.take());
  }

  private read(bytes: Uint8Array): BetweenPeers {
    const { message } = readFrame(BETWEEN_PEERS, bytes);
    this.around.note(`${BETWEEN_PEERS.name}: ${message.kind}`);
    return message;
  }
}

/** Other bytes than were meant, as of another value. */
function spoiled(piece: Piece, random: SeededRandom): Piece {
  const bytes = piece.bytes.slice();
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  return { ...piece, bytes };
}
