// Owns: what one session says and hears, by numbers, whatever link carries it: each message of either way once, in order.
// Does not own: links, time, who is on the other side (`sessions`, `dialled-session`).
// L1. Messages of a way are numbered from 1 on over the life of the session. The next one is taken, one that was taken is dropped,
//     any other means that something between was lost: the link ends, and what was not seen is sent again over the next one.
// L2. What a frame of another link's epoch says is not heard, neither messages nor what was seen.
// L3. What was sent is kept until it was seen, encoded once; `isFull` says that the other side does not keep up.

import { Fifo } from "@millrace/core/pure";
import { FrameWriter, readFrames, restamp } from "../protocol/frame.js";
import type { SessionMessage } from "../protocol/messages.js";
import { ProtocolError } from "../protocol/protocol-error.js";
import type { Direction } from "../protocol/shapes.js";

export type Message = { readonly kind: string };
export type Ways<Out extends Message, In extends Message> = {
  readonly out: Direction<Out>;
  readonly into: Direction<In>;
};

/** What was heard: messages, and what concerns the session itself. */
export type Heard<In> = { readonly messages: readonly In[]; readonly session: readonly SessionMessage[] };

/** Frames that were sent together, up to that number. */
type Flush = { readonly bytes: Uint8Array<ArrayBuffer>; readonly last: number };

const FULL_BYTES = 16_777_216;
const FULL_MESSAGES = 65_536;
/** So much the listening side keeps for one that does not answer, and no more; who dials has heard `isFull` from `send`. */
const OVERFLOW_BYTES = 268_435_456;
/** Without waiting for a heartbeat it is told what was seen: the other side keeps all until then. */
const TELL_AFTER_MESSAGES = 256;
const TELL_AFTER_BYTES = 1_048_576;

const SESSION_KINDS: ReadonlySet<string> = new Set<SessionMessage["kind"]>([
  "hello",
  "welcome",
  "refused",
  "heartbeat",
  "heartbeatAck",
  "bye",
]);
const isOfSession = (message: Message): message is SessionMessage => SESSION_KINDS.has(message.kind);

export class Line<Out extends Message, In extends Message> {
  /** Of the link that carries it; 0: it was never linked. */
  epoch = 0;
  /** Number of the last message that was taken. */
  taken = 0;
  /** Frames that were not heard (L1, L2). */
  dropped = 0;
  private readonly ways: Ways<Out, In>;
  private readonly writer: FrameWriter<Out>;
  private readonly kept = new Fifo<Flush>();
  private keptBytes = 0;
  private sent = 0;
  private seen = 0;
  /** Of messages that were taken. */
  private untoldBytes = 0;
  private told = 0;

  constructor(ways: Ways<Out, In>) {
    this.ways = ways;
    this.writer = new FrameWriter(ways.out);
  }

  get isFull(): boolean {
    return this.keptBytes > FULL_BYTES || this.sent - this.seen > FULL_MESSAGES;
  }

  /** All that was said was seen. */
  get isAtRest(): boolean {
    return this.kept.empty;
  }

  get overflows(): boolean {
    return this.keptBytes > OVERFLOW_BYTES;
  }

  /** Whether the other side ought to hear what was seen. */
  get shouldTell(): boolean {
    return this.taken - this.told >= TELL_AFTER_MESSAGES || this.untoldBytes >= TELL_AFTER_BYTES;
  }

  /** As frames of the current epoch. Throws `FRAME_TOO_LARGE`; nothing was numbered then. */
  write(messages: readonly Out[]): Uint8Array {
    let number = this.sent;
    try {
      for (const message of messages) this.writer.add(message, this.epoch, ++number);
    } catch (error) {
      this.writer.take();
      throw error;
    }
    const bytes = this.writer.take();
    this.sent = number;
    this.kept.push({ bytes, last: number });
    this.keptBytes += bytes.length;
    return bytes;
  }

  /** A message of the session itself, which has no number. */
  say(message: Out & SessionMessage): Uint8Array {
    this.writer.add(message, this.epoch, 0);
    if ("seen" in message) {
      this.told = this.taken;
      this.untoldBytes = 0;
    }
    return this.writer.take();
  }

  canHaveSeen(number: number): boolean {
    return number <= this.sent;
  }

  /** The other side has all up to there. Throws `FRAME_ORDER` where that was never sent. */
  acknowledge(seen: number): void {
    if (!this.canHaveSeen(seen))
      throw new ProtocolError("FRAME_ORDER", `message ${seen} was seen, and ${this.sent} were sent`);
    this.seen = Math.max(this.seen, seen);
    for (let first = this.kept.first(); first !== undefined && first.last <= seen; first = this.kept.first()) {
      this.keptBytes -= first.bytes.length;
      this.kept.shift();
    }
  }

  /** Over a new link: all that was not seen, once more. Some of it may have been: that is dropped over there. */
  relink(epoch: number): readonly Uint8Array[] {
    this.epoch = epoch;
    const again: Uint8Array[] = [];
    for (const { bytes } of this.kept) {
      // Whoever carries the old ones may still hold them.
      const copy = bytes.slice();
      restamp(copy, epoch);
      again.push(copy);
    }
    return again;
  }

  /** L1, L2. `onBad` is told of what is wrong with the link; what came before it was taken. */
  take(bytes: Uint8Array, onBad: (error: ProtocolError) => void): Heard<In> {
    const messages: In[] = [];
    const session: SessionMessage[] = [];
    let at = 0;
    try {
      for (const { epoch, seq, message, end } of readFrames(this.ways.into, bytes)) {
        const isStale = epoch !== this.epoch;
        if (isStale || (seq !== 0 && seq <= this.taken)) this.dropped++;
        else if (isOfSession(message)) session.push(message);
        else if (seq !== this.taken + 1)
          throw new ProtocolError("FRAME_ORDER", `message ${seq} came, and ${this.taken} was the last one`);
        else {
          this.taken = seq;
          this.untoldBytes += end - at;
          messages.push(message);
        }
        at = end;
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      onBad(error);
    }
    return { messages, session };
  }

  /** For tests: throws where something does not add up. */
  validate(): void {
    let bytes = 0;
    let last = this.seen;
    for (const flush of this.kept) {
      if (flush.last <= last && flush.last <= this.seen) throw new RangeError("what was seen is still kept");
      last = flush.last;
      bytes += flush.bytes.length;
    }
    if (bytes !== this.keptBytes) throw new RangeError(`${bytes} bytes are kept, and ${this.keptBytes} were counted`);
    if (last !== this.sent) throw new RangeError(`messages up to ${last} are kept, and ${this.sent} were sent`);
    if (this.told > this.taken) throw new RangeError("more was told than was taken");
  }
}
