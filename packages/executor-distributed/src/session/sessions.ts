// Owns: sessions of one role on the side that listens: who connects, who comes back, who is gone. Pure: events in, effects out.
// Does not own: who may connect (that was decided before), what messages mean.
// S1. A session outlives its links: within `resumeMs` it goes on over the next one, and nothing is lost or heard twice.
// S2. Of one name there is one session: who comes anew under a name is a new incarnation, and the old one is lost at once (W11).
//     A hello that is no newer than the last one of that name came once more, and is not heard.
// S3. Each link of a session has a greater epoch than the one before, also over sessions.
// S4. Silence is judged by what this process was there to hear: a time in which it stood still counts for nobody (S7).
// S5. A bad frame ends its link, and changes nothing else; a session whose links all end so is over.

import { FrameWriter, readFrames } from "../protocol/frame.js";
import { PROTOCOL_VERSION } from "../protocol/limits.js";
import { HANDSHAKE, type SessionMessage } from "../protocol/messages.js";
import { ProtocolError } from "../protocol/protocol-error.js";
import type { Heard, Message, Ways } from "./line.js";
import { ListeningSession } from "./listening-session.js";
import type { CloseReason, ListeningEffect, LostReason } from "./session-effects.js";
import { BAD_LINKS_MAX, SESSION_OPTIONS, type SessionOptions, stallMsOf, WORKER_RESUME_MS } from "./session-options.js";
import type { ListeningEvent, ListeningState } from "./session-pairs.js";

type Hello = Extract<SessionMessage, { readonly kind: "hello" }>;

export type SessionsParts<Out extends Message, In extends Message> = {
  readonly role: Hello["role"];
  readonly ways: Ways<Out | SessionMessage, In>;
  readonly release: string;
  /** Of a new session: whoever knows it can go on with the session, so nobody else may guess it. */
  readonly newId: () => string;
  readonly options?: Partial<SessionOptions>;
  /** For tests: each pair that happens. */
  readonly onPair?: ((state: ListeningState, event: ListeningEvent) => void) | undefined;
};

export class Sessions<Out extends Message, In extends Message> {
  readonly byId = new Map<string, ListeningSession<Out | SessionMessage, In>>();
  /** Bad frames, by their code (N9). */
  readonly bad = new Map<string, number>();
  private readonly parts: SessionsParts<Out, In>;
  private readonly options: SessionOptions;
  private readonly stallMs: number;
  private readonly byName = new Map<string, ListeningSession<Out | SessionMessage, In>>();
  private readonly byLink = new Map<number, ListeningSession<Out | SessionMessage, In>>();
  /** Links that have not said hello, and until when they may. */
  private readonly greeting = new Map<number, number>();
  private effects: ListeningEffect<In>[] = [];
  private lastEpoch = 0;
  private nowMs = 0;
  private wakeAtMs = Number.POSITIVE_INFINITY;

  constructor(parts: SessionsParts<Out, In>) {
    this.parts = parts;
    const own = parts.role === "worker" ? { resumeMs: WORKER_RESUME_MS } : {};
    this.options = { ...SESSION_OPTIONS, ...own, ...parts.options };
    this.stallMs = stallMsOf(this.options);
  }

  linkOpened(link: number, nowMs: number, effects: ListeningEffect<In>[]): void {
    this.begin(nowMs, effects);
    this.pair("none", "linkOpened");
    this.greeting.set(link, nowMs + this.options.helloMs);
    this.askToWake();
  }

  bytes(link: number, bytes: Uint8Array, nowMs: number, effects: ListeningEffect<In>[]): void {
    this.begin(nowMs, effects);
    const session = this.byLink.get(link);
    if (session !== undefined) this.hear(session, link, bytes);
    else if (this.greeting.has(link)) this.greet(link, bytes);
    this.askToWake();
  }

  linkClosed(link: number, nowMs: number, effects: ListeningEffect<In>[]): void {
    this.begin(nowMs, effects);
    const session = this.byLink.get(link);
    if (this.greeting.delete(link)) this.pair("greeting", "linkClosed");
    if (session !== undefined) {
      this.pair("open", "linkClosed");
      this.unlink(session);
    }
    this.askToWake();
  }

  /** False: the session is over, or does not keep up (`isFull` of its line). */
  send(id: string, messages: readonly Out[], nowMs: number, effects: ListeningEffect<In>[]): boolean {
    this.begin(nowMs, effects);
    const session = this.byId.get(id);
    this.pair(session === undefined ? "none" : stateOf(session), "send");
    if (session === undefined) return false;
    const bytes = session.line.write(messages);
    if (session.link !== undefined) effects.push({ kind: "send", link: session.link, bytes });
    if (session.line.overflows) this.lose(session, "OVERFLOW");
    return !session.line.isFull;
  }

  /** The session is over, after what was sent before. */
  end(id: string, reason: string, nowMs: number, effects: ListeningEffect<In>[]): void {
    this.begin(nowMs, effects);
    const session = this.byId.get(id);
    this.pair(session === undefined ? "none" : stateOf(session), "end");
    if (session === undefined) return;
    const { link, line } = session;
    if (link !== undefined) effects.push({ kind: "send", link, bytes: line.say({ kind: "bye", reason }) });
    this.lose(session, "ENDED");
  }

  woke(nowMs: number, effects: ListeningEffect<In>[]): void {
    this.begin(nowMs, effects);
    this.wakeAtMs = Number.POSITIVE_INFINITY;
    for (const [link, untilMs] of this.greeting) {
      if (nowMs < untilMs) continue;
      this.pair("greeting", "late");
      this.close(link, "SILENT");
    }
    for (const session of this.byId.values()) {
      if (nowMs < session.untilMs) continue;
      this.pair(stateOf(session), "late");
      if (session.link === undefined) this.lose(session, "NOT_RESUMED");
      else this.close(session.link, "SILENT");
    }
    this.askToWake();
  }

  /** Each session is linked, and all that was said was seen: only time can change something. */
  get isAtRest(): boolean {
    if (this.greeting.size > 0) return false;
    for (const { link, line } of this.byId.values()) if (link === undefined || !line.isAtRest) return false;
    return true;
  }

  /** S4. */
  private begin(nowMs: number, effects: ListeningEffect<In>[]): void {
    this.effects = effects;
    this.nowMs = nowMs;
    const lateMs = nowMs - this.wakeAtMs;
    if (lateMs < this.stallMs) return;
    for (const session of this.byId.values()) session.untilMs += lateMs;
    for (const [link, untilMs] of this.greeting) this.greeting.set(link, untilMs + lateMs);
    this.wakeAtMs = nowMs;
  }

  private greet(link: number, bytes: Uint8Array): void {
    let hello: Hello | undefined;
    try {
      for (const { message } of readFrames(HANDSHAKE, bytes)) {
        if (message.kind !== "hello") throw new ProtocolError("FRAME_ORDER", `a ${message.kind} came before any hello`);
        hello = message;
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.pair("greeting", "bad");
      return this.onBad(link, error);
    }
    if (hello !== undefined) this.answer(link, hello);
  }

  private answer(link: number, hello: Hello): void {
    const refusal = this.refusalOf(hello);
    if (refusal !== undefined) {
      this.pair("greeting", "hello");
      this.say(link, { kind: "refused", ...refusal });
      return this.close(link, "ENDED");
    }
    const same = this.byName.get(hello.name);
    if (same !== undefined && hello.nonce <= same.nonce) {
      this.pair("greeting", "bad");
      return this.onBad(link, new ProtocolError("FRAME_ORDER", "a hello came that is older than the last one"));
    }
    const known = hello.session === undefined ? undefined : this.byId.get(hello.session);
    if (known !== undefined && known.name === hello.name && this.resume(known, link, hello)) return;
    this.pair("greeting", "hello");
    const replaced = this.byName.get(hello.name);
    if (replaced !== undefined) {
      this.pair(stateOf(replaced), "hello");
      this.lose(replaced, "REPLACED");
    }
    const session = new ListeningSession(this.parts.newId(), hello.name, this.parts.ways);
    this.byId.set(session.id, session);
    this.byName.set(session.name, session);
    this.link(session, link, hello, undefined);
  }

  private refusalOf({ role, protocol }: Hello): { readonly code: string; readonly message: string } | undefined {
    if (role !== this.parts.role)
      return { code: "WRONG_ROLE", message: `a ${role} has no place here: ${this.parts.role}s connect here` };
    if (protocol === PROTOCOL_VERSION) return undefined;
    return {
      code: "WRONG_VERSION",
      message: `this side speaks version ${PROTOCOL_VERSION} of the protocol, not ${protocol}: let both run the same Millrace`,
    };
  }

  /** S1. False: what it says was never so, and it begins anew. */
  private resume(session: ListeningSession<Out | SessionMessage, In>, link: number, hello: Hello): boolean {
    try {
      session.line.acknowledge(hello.lastSeen);
    } catch (error) {
      if (error instanceof ProtocolError) return false;
      throw error;
    }
    this.pair(stateOf(session), "resume");
    this.pair("greeting", "resume");
    const { link: old } = session;
    if (old !== undefined) this.close(old, "REPLACED");
    this.link(session, link, hello, session.line.taken);
    return true;
  }

  private link(
    session: ListeningSession<Out | SessionMessage, In>,
    link: number,
    { release, nonce }: Hello,
    resumedFrom: number | undefined,
  ): void {
    const epoch = ++this.lastEpoch;
    this.greeting.delete(link);
    this.byLink.set(link, session);
    session.link = link;
    session.nonce = nonce;
    session.untilMs = this.nowMs + this.options.leaseMs;
    const again = session.line.relink(epoch);
    const { heartbeatMs } = this.options;
    const welcome = {
      kind: "welcome",
      session: session.id,
      epoch,
      release: this.parts.release,
      heartbeatMs,
      resumedFrom,
      nonce,
    } as const;
    this.effects.push({ kind: "send", link, bytes: session.line.say(welcome) });
    for (const bytes of again) this.effects.push({ kind: "send", link, bytes });
    const isNew = resumedFrom === undefined;
    this.effects.push({ kind: "opened", session: session.id, name: session.name, release, epoch, isNew });
  }

  private hear(session: ListeningSession<Out | SessionMessage, In>, link: number, bytes: Uint8Array): void {
    let problem: ProtocolError | undefined;
    const { taken } = session.line;
    const heard = session.line.take(bytes, (error) => {
      problem = error;
    });
    if (session.line.taken > taken) session.badLinks = 0;
    session.untilMs = this.nowMs + this.options.leaseMs;
    if (heard.messages.length > 0) {
      this.pair("open", "messages");
      this.effects.push({ kind: "received", session: session.id, messages: heard.messages });
    }
    problem ??= this.hearOfSession(session, link, heard);
    if (problem !== undefined && this.byLink.get(link) === session) {
      this.pair("open", "bad");
      this.onBad(link, problem);
      if (++session.badLinks >= BAD_LINKS_MAX) this.lose(session, "BAD_FRAMES");
    } else if (session.line.shouldTell && session.link !== undefined)
      this.effects.push({
        kind: "send",
        link: session.link,
        bytes: session.line.say({ kind: "heartbeatAck", seen: session.line.taken }),
      });
  }

  private hearOfSession(
    session: ListeningSession<Out | SessionMessage, In>,
    link: number,
    { session: messages }: Heard<In>,
  ): ProtocolError | undefined {
    try {
      for (const message of messages) {
        if (message.kind === "bye") {
          this.pair("open", "bye");
          this.lose(session, "ENDED");
        } else if (message.kind === "heartbeat" || message.kind === "heartbeatAck") {
          this.pair("open", "heartbeat");
          session.line.acknowledge(message.seen);
          if (message.kind === "heartbeatAck") continue;
          const bytes = session.line.say({ kind: "heartbeatAck", seen: session.line.taken });
          this.effects.push({ kind: "send", link, bytes });
        } else return new ProtocolError("FRAME_ORDER", `a ${message.kind} came where it has no place`);
      }
    } catch (error) {
      if (error instanceof ProtocolError) return error;
      throw error;
    }
    return undefined;
  }

  private onBad(link: number, { code }: ProtocolError): void {
    this.bad.set(code, (this.bad.get(code) ?? 0) + 1);
    this.close(link, "BAD_FRAME");
  }

  private close(link: number, reason: CloseReason): void {
    this.greeting.delete(link);
    const session = this.byLink.get(link);
    if (session !== undefined) this.unlink(session);
    this.effects.push({ kind: "close", link, reason });
  }

  private unlink(session: ListeningSession<Out | SessionMessage, In>): void {
    if (session.link !== undefined) this.byLink.delete(session.link);
    session.link = undefined;
    session.untilMs = this.nowMs + this.options.resumeMs;
  }

  private lose(session: ListeningSession<Out | SessionMessage, In>, reason: LostReason): void {
    if (!this.byId.delete(session.id)) return;
    if (this.byName.get(session.name) === session) this.byName.delete(session.name);
    if (session.link !== undefined) this.close(session.link, reason === "ENDED" ? "ENDED" : "REPLACED");
    this.effects.push({ kind: "lost", session: session.id, reason });
  }

  private say(link: number, message: SessionMessage): void {
    const writer = new FrameWriter(HANDSHAKE);
    writer.add(message, 0, 0);
    this.effects.push({ kind: "send", link, bytes: writer.take() });
  }

  /** At a fixed pace: no event looks at all sessions, and a stall is noticed whatever is due. */
  private askToWake(): void {
    if (this.wakeAtMs !== Number.POSITIVE_INFINITY || (this.byId.size === 0 && this.greeting.size === 0)) return;
    const { heartbeatMs, resumeMs } = this.options;
    this.wakeAtMs = this.nowMs + Math.min(heartbeatMs, resumeMs / 2);
    this.effects.push({ kind: "wakeAt", atMs: this.wakeAtMs });
  }

  private pair(state: ListeningState, event: ListeningEvent): void {
    this.parts.onPair?.(state, event);
  }

  /** For tests: throws where something does not add up. */
  validate(): void {
    for (const [link, session] of this.byLink)
      if (session.link !== link || this.byId.get(session.id) !== session)
        throw new RangeError(`link ${link} is astray`);
    for (const session of this.byId.values()) {
      session.line.validate();
      if (session.link !== undefined && this.byLink.get(session.link) !== session)
        throw new RangeError(`session ${session.id} has a link that is not its own`);
      if (this.byName.get(session.name) !== session) throw new RangeError(`two sessions are called ${session.name}`);
    }
    for (const link of this.greeting.keys())
      if (this.byLink.has(link)) throw new RangeError(`link ${link} greets twice`);
  }
}

const stateOf = ({ link }: { readonly link: number | undefined }): ListeningState =>
  link === undefined ? "waiting" : "open";
