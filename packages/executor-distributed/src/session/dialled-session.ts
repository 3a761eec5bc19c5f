// Owns: a session on the side that dials (clients, workers): one link after the other, resumed while the other side knows it.
// Does not own: how a link is made, what messages mean.
// D1. What is said while there is no link waits for the next one, and goes first over it.
// D2. Where the other side knows nothing of the session any more, what was said and not heard is lost; that is told before anything
//     else of the new one.
// D3. A link on which nothing was answered for `answerMs` is given up, whichever way is dead (N2, N4); a time in which this process
//     stood still does not count (S7).

import { FrameWriter, readFrames } from "../protocol/frame.js";
import { PROTOCOL_VERSION } from "../protocol/limits.js";
import { HANDSHAKE, type SessionMessage } from "../protocol/messages.js";
import { ProtocolError } from "../protocol/protocol-error.js";
import { Line, type Message, type Ways } from "./line.js";
import type { CloseReason, DiallingEffect } from "./session-effects.js";
import { BAD_LINKS_MAX, SESSION_OPTIONS, type SessionOptions, STALL_MS } from "./session-options.js";
import type { DialledEvent, DialledState } from "./session-pairs.js";

type Welcome = Extract<SessionMessage, { readonly kind: "welcome" }>;

export type DialledParts<Out extends Message, In extends Message> = {
  readonly role: Extract<SessionMessage, { readonly kind: "hello" }>["role"];
  /** Of one incarnation: a process that was started again has the name of the one before, and no session. */
  readonly name: string;
  readonly ways: Ways<Out | SessionMessage, In>;
  readonly release: string;
  readonly options?: Partial<SessionOptions>;
  /** For tests: each pair that happens. */
  readonly onPair?: ((state: DialledState, event: DialledEvent) => void) | undefined;
};

export class DialledSession<Out extends Message, In extends Message> {
  state: DialledState = "waiting";
  private readonly parts: DialledParts<Out, In>;
  private readonly options: SessionOptions;
  private line: Line<Out | SessionMessage, In>;
  private session: string | undefined;
  private link: number | undefined;
  private nonce = 0;
  private tries = 0;
  private saidFull = false;
  /** Links in a row that ended with a bad frame. */
  private badLinks = 0;
  /** It is to end when all that was said was seen, at the latest then. */
  private ending: { readonly reason: string; readonly untilMs: number } | undefined;
  private heartbeatMs: number;
  private heartbeatAtMs = 0;
  /** When nothing that is due has come. */
  private lateAtMs = 0;
  private effects: DiallingEffect<In>[] = [];
  private nowMs = 0;
  private wakeAtMs = Number.POSITIVE_INFINITY;

  constructor(parts: DialledParts<Out, In>) {
    this.parts = parts;
    this.options = { ...SESSION_OPTIONS, ...parts.options };
    this.heartbeatMs = this.options.heartbeatMs;
    this.line = new Line(parts.ways);
  }

  /** First of all. */
  start(nowMs: number, effects: DiallingEffect<In>[]): void {
    this.begin(nowMs, effects);
    this.dial();
    this.askToWake();
  }

  /** `nonce`: greater than that of any hello before it, also of earlier processes of this name. */
  linkOpened(link: number, nonce: number, nowMs: number, effects: DiallingEffect<In>[]): void {
    this.begin(nowMs, effects);
    this.pair("linkOpened");
    if (this.state !== "dialling") this.effects.push({ kind: "close", link, reason: "REPLACED" });
    else {
      this.state = "greeting";
      this.link = link;
      this.nonce = nonce;
      this.lateAtMs = nowMs + this.options.answerMs;
      this.sayHello(link);
    }
    this.askToWake();
  }

  bytes(link: number, bytes: Uint8Array, nowMs: number, effects: DiallingEffect<In>[]): void {
    this.begin(nowMs, effects);
    if (link === this.link && this.state === "greeting") this.greeted(bytes);
    else if (link === this.link && this.state === "open") this.hear(bytes);
    this.askToWake();
  }

  /** `link` undefined: what was dialled did not open. */
  linkClosed(link: number | undefined, nowMs: number, effects: DiallingEffect<In>[]): void {
    this.begin(nowMs, effects);
    if (this.state === "over") this.pair("linkClosed");
    else if (link === undefined ? this.state === "dialling" : link === this.link) {
      this.pair("linkClosed");
      this.dialLater();
    }
    this.askToWake();
  }

  /** False: the other side does not keep up, which `drained` ends, or it is over. */
  send(messages: readonly Out[], nowMs: number, effects: DiallingEffect<In>[]): boolean {
    this.begin(nowMs, effects);
    this.pair("send");
    if (this.state === "over") return false;
    const bytes = this.line.write(messages);
    if (this.state === "open" && this.link !== undefined) this.effects.push({ kind: "send", link: this.link, bytes });
    this.saidFull = this.line.isFull;
    return !this.saidFull;
  }

  /** Nothing more is said, after what was said before; for the other side to see all of that it goes on until `untilMs`. */
  end(reason: string, nowMs: number, effects: DiallingEffect<In>[], untilMs = nowMs): void {
    this.begin(nowMs, effects);
    this.pair("end");
    if (this.state === "over") return;
    this.ending = { reason, untilMs };
    // What was seen is told in answer.
    if (this.state === "open" && untilMs > nowMs && !this.isAtRest) this.beat();
    this.askToWake();
  }

  private endNow(reason: string): void {
    if (this.state === "open" && this.link !== undefined)
      this.effects.push({ kind: "send", link: this.link, bytes: this.line.say({ kind: "bye", reason }) });
    this.finish();
  }

  woke(nowMs: number, effects: DiallingEffect<In>[]): void {
    this.begin(nowMs, effects);
    this.wakeAtMs = Number.POSITIVE_INFINITY;
    if (this.state === "waiting" && nowMs >= this.lateAtMs) {
      this.pair("late");
      this.dial();
    } else if (this.state !== "over" && this.state !== "waiting" && nowMs >= this.lateAtMs) {
      this.pair("late");
      this.closeLink("SILENT");
      this.dialLater();
    } else if (this.state === "open" && nowMs >= this.heartbeatAtMs) this.beat();
    this.askToWake();
  }

  /** It is over, or linked, and all that was said was seen: only time can change something. */
  get isAtRest(): boolean {
    return this.state === "over" || (this.state === "open" && this.line.isAtRest);
  }

  private begin(nowMs: number, effects: DiallingEffect<In>[]): void {
    this.effects = effects;
    this.nowMs = nowMs;
    const stoodMs = nowMs - this.wakeAtMs;
    if (stoodMs < STALL_MS) return;
    if (this.state !== "waiting") this.lateAtMs += stoodMs;
    this.heartbeatAtMs = Math.max(this.heartbeatAtMs, nowMs);
    this.wakeAtMs = nowMs;
  }

  private dial(): void {
    this.state = "dialling";
    this.lateAtMs = this.nowMs + this.options.answerMs;
    this.effects.push({ kind: "dial" });
  }

  /** Each try waits twice as long, to a limit, and not as long as another one's. */
  private dialLater(): void {
    this.link = undefined;
    this.state = "waiting";
    const { retryMs, retryMaxMs } = this.options;
    const mostMs = Math.min(retryMaxMs, retryMs * 2 ** Math.min(this.tries++, 20));
    this.lateAtMs = this.nowMs + mostMs * (0.5 + 0.5 * fraction(this.parts.name, this.tries));
  }

  private sayHello(link: number): void {
    const { role, name, release } = this.parts;
    const { session, nonce, line } = this;
    const writer = new FrameWriter(HANDSHAKE);
    const [epoch, lastSeen] = [line.epoch, line.taken];
    writer.add(
      { kind: "hello", role, protocol: PROTOCOL_VERSION, release, name, session, epoch, lastSeen, nonce },
      0,
      0,
    );
    this.effects.push({ kind: "send", link, bytes: writer.take() });
  }

  /** The answer, and what may have come right behind it. */
  private greeted(bytes: Uint8Array): void {
    try {
      for (const { message, end } of readFrames(HANDSHAKE, bytes)) {
        if (message.kind === "refused") {
          this.pair("refused");
          this.effects.push({ kind: "refused", code: message.code, message: message.message });
          return this.finish();
        }
        if (message.kind !== "welcome" || message.nonce !== this.nonce) continue;
        this.welcomed(message);
        if (end < bytes.length && this.link !== undefined) this.hear(bytes.subarray(end));
        return;
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.pair("bad");
      this.closeLink("BAD_FRAME");
      this.dialLater();
    }
  }

  private welcomed({ session, epoch, heartbeatMs, resumedFrom }: Welcome): void {
    this.pair(resumedFrom === undefined ? "welcome" : "resumed");
    const isNew = resumedFrom === undefined;
    if (isNew && this.session !== undefined) this.forget("FORGOTTEN");
    if (!isNew && !this.line.canHaveSeen(resumedFrom)) {
      // Another one's: it begins anew.
      this.forget("FORGOTTEN");
      this.closeLink("BAD_FRAME");
      return this.dialLater();
    }
    if (!isNew) this.line.acknowledge(resumedFrom);
    this.session = session;
    this.state = "open";
    this.tries = 0;
    this.heartbeatMs = heartbeatMs;
    this.heartbeatAtMs = this.nowMs + heartbeatMs;
    this.lateAtMs = this.nowMs + this.options.answerMs;
    const again = this.line.relink(epoch);
    // Before what it brings about is said: D1.
    for (const each of again)
      if (this.link !== undefined) this.effects.push({ kind: "send", link: this.link, bytes: each });
    this.effects.push({ kind: "opened", isNew });
    this.tellDrained();
  }

  private tellDrained(): void {
    if (!this.saidFull || this.line.isFull) return;
    this.saidFull = false;
    this.effects.push({ kind: "drained" });
  }

  /** D2. */
  private forget(reason: "FORGOTTEN" | "BAD_FRAMES"): void {
    this.line = new Line(this.parts.ways);
    this.session = undefined;
    this.badLinks = 0;
    this.effects.push({ kind: "lost", reason });
  }

  private hear(bytes: Uint8Array): void {
    let problem: ProtocolError | undefined;
    const { taken } = this.line;
    const { messages, session } = this.line.take(bytes, (error) => {
      problem = error;
    });
    if (this.line.taken > taken) this.badLinks = 0;
    if (messages.length > 0) {
      this.pair("messages");
      this.effects.push({ kind: "received", messages });
    }
    for (const message of session) {
      if (message.kind === "heartbeatAck" || message.kind === "heartbeat") problem ??= this.onAck(message.seen);
      else if (message.kind === "bye") {
        this.pair("bye");
        this.effects.push({ kind: "lost", reason: "ENDED" });
        return this.finish();
      } else problem ??= new ProtocolError("FRAME_ORDER", `a ${message.kind} came where it has no place`);
    }
    if (problem !== undefined) {
      this.pair("bad");
      this.closeLink("BAD_FRAME");
      if (++this.badLinks >= BAD_LINKS_MAX) this.forget("BAD_FRAMES");
      this.dialLater();
    } else if (this.line.shouldTell) this.beat();
  }

  private onAck(seen: number): ProtocolError | undefined {
    this.pair("ack");
    this.lateAtMs = this.nowMs + this.options.answerMs;
    try {
      this.line.acknowledge(seen);
      this.tellDrained();
      return undefined;
    } catch (error) {
      if (error instanceof ProtocolError) return error;
      throw error;
    }
  }

  private beat(): void {
    this.heartbeatAtMs = this.nowMs + this.heartbeatMs;
    if (this.link === undefined) return;
    this.effects.push({
      kind: "send",
      link: this.link,
      bytes: this.line.say({ kind: "heartbeat", seen: this.line.taken }),
    });
  }

  private closeLink(reason: CloseReason): void {
    if (this.link !== undefined) this.effects.push({ kind: "close", link: this.link, reason });
    this.link = undefined;
  }

  private finish(): void {
    this.closeLink("ENDED");
    this.state = "over";
  }

  private askToWake(): void {
    if (this.state === "over") return;
    const { ending } = this;
    if (ending !== undefined && (this.isAtRest || this.nowMs >= ending.untilMs)) return this.endNow(ending.reason);
    const dueMs = this.state === "open" ? Math.min(this.lateAtMs, this.heartbeatAtMs) : this.lateAtMs;
    const atMs = Math.min(dueMs, ending?.untilMs ?? dueMs);
    if (atMs === this.wakeAtMs) return;
    this.wakeAtMs = atMs;
    this.effects.push({ kind: "wakeAt", atMs });
  }

  private pair(event: DialledEvent): void {
    this.parts.onPair?.(this.state, event);
  }

  /** For tests: throws where something does not add up. */
  validate(): void {
    this.line.validate();
    const hasLink = this.state === "greeting" || this.state === "open";
    if (hasLink !== (this.link !== undefined)) throw new RangeError(`it is ${this.state}, and its link ${this.link}`);
  }
}

/** From 0 on, below 1: FNV-1a. */
function fraction(name: string, number: number): number {
  let hash = 0x811c9dc5 ^ number;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
