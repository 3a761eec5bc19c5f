// Owns: the end of a simulated process that dials: its session, driven by the simulated network and clock. It can be cut off, stay away
// for long, or die and come back under its name.

import { DialledSession, type DiallingEffect, SESSION_OPTIONS, type SessionOptions } from "@millrace/distributed/seam";
import type { SeededRandom } from "../seeded-random.js";
import type { End, Link, Network } from "./network.js";
import type { SchedulerEnd } from "./scheduler-end.js";
import type { SimProcess } from "./sim-process.js";

type Message = { readonly kind: string };
type Ways<Out extends Message, In extends Message> = ConstructorParameters<typeof DialledSession<Out, In>>[0]["ways"];

export interface DialledHost<In> {
  opened(isNew: boolean): void;
  received(message: In): void;
  /** What was said and not heard is gone; `isOver`: and nothing more is heard. */
  lost(isOver: boolean): void;
  /** The other side keeps up again. */
  drained?(): void;
}

export type Surroundings = {
  readonly process: SimProcess;
  readonly network: Network;
  readonly random: SeededRandom;
  readonly note: (what: string) => void;
  /** How long sessions wait. */
  readonly session: Partial<SessionOptions>;
};

export class DiallingEnd<Out extends Message, In extends Message> implements End {
  readonly name: string;
  link: Link | undefined;
  private readonly role: "client" | "worker";
  private readonly ways: Ways<Out, In>;
  private readonly around: Surroundings;
  private readonly other: SchedulerEnd<In, Out>;
  private readonly host: DialledHost<In>;
  private session: DialledSession<Out, In>;
  private awayUntilMs = 0;
  private hellos = 0;
  private unwake: (() => void) | undefined;
  private over: (() => void) | undefined;

  constructor(
    role: "client" | "worker",
    name: string,
    ways: Ways<Out, In>,
    around: Surroundings,
    other: SchedulerEnd<In, Out>,
    host: DialledHost<In>,
  ) {
    this.role = role;
    this.name = name;
    this.ways = ways;
    this.around = around;
    this.other = other;
    this.host = host;
    this.session = this.newSession();
  }

  /** The other side has its session over this link. */
  get isOpen(): boolean {
    return this.session.state === "open";
  }

  /** Also after `die`, as one that knows nothing. */
  begin(): void {
    this.session = this.newSession();
    const { session } = this;
    this.run(session, (effects) => session.start(this.around.process.now(), effects));
  }

  /** False: the other side does not keep up, or it is over. */
  say(messages: readonly Out[]): boolean {
    const { session } = this;
    let keepsUp = true;
    this.run(session, (effects) => {
      keepsUp = session.send(messages, this.around.process.now(), effects);
    });
    return keepsUp;
  }

  get isLinked(): boolean {
    return this.session.state === "open";
  }

  /** Says that it is over: when all that it said was seen, or in so many milliseconds. */
  end(withinMs = 0, over: () => void = () => undefined): void {
    const { session } = this;
    const nowMs = this.around.process.now();
    this.over = over;
    this.run(session, (effects) => session.end("it leaves", nowMs, effects, nowMs + withinMs));
  }

  cut(link: Link): void {
    this.around.process.hear(() => {
      if (this.link !== link) return;
      this.link = undefined;
      const { session } = this;
      this.run(session, (effects) => session.linkClosed(link.id, this.around.process.now(), effects));
    });
  }

  frames(link: Link, bytes: Uint8Array): void {
    this.around.process.hear(() => {
      const { session } = this;
      if (this.link === link)
        this.run(session, (effects) => session.bytes(link.id, bytes, this.around.process.now(), effects));
    });
  }

  /** The network between is gone for so long. */
  awayFor(ms: number): void {
    this.awayUntilMs = this.around.process.now() + ms;
    if (this.link !== undefined) this.around.network.cut(this.link);
  }

  /** All that it was is gone, its link with it; the other side may not even notice. */
  die(): void {
    this.unwake?.();
    this.over = undefined;
    const { link } = this;
    this.link = undefined;
    this.session = this.newSession();
    if (link !== undefined) this.around.network.cut(link, this.around.random.chance(0.3) ? 0 : undefined);
  }

  private newSession(): DialledSession<Out, In> {
    const { role, name, ways } = this;
    const { note, session } = this.around;
    return new DialledSession<Out, In>({
      options: session,
      role,
      name,
      ways,
      release: "simulated",
      onPair: (state, event) => note(`dialled session ${state}/${event}`),
    });
  }

  private run(session: DialledSession<Out, In>, step: (effects: DiallingEffect<In>[]) => void): void {
    const effects: DiallingEffect<In>[] = [];
    step(effects);
    session.validate();
    for (const effect of effects) if (this.session === session) this.perform(effect, session);
    if (this.session !== session || session.state !== "over") return;
    const { over } = this;
    this.over = undefined;
    over?.();
  }

  private perform(effect: DiallingEffect<In>, session: DialledSession<Out, In>): void {
    const { network, process, note } = this.around;
    switch (effect.kind) {
      case "send":
        if (this.link?.id === effect.link) network.send(this.link, 1, effect.bytes);
        return;
      case "close": {
        const { link } = this;
        if (link?.id !== effect.link) return;
        this.link = undefined;
        return effect.reason === "ENDED" ? network.finish(link) : network.cut(link);
      }
      case "dial":
        process.wakeAt(process.now() + this.around.random.next() * 5, () => this.dialled(session));
        return;
      case "opened":
        return this.host.opened(effect.isNew);
      case "received":
        for (const message of effect.messages) {
          // What is heard may be what it waited for to leave.
          if (this.session !== session) return;
          note(`${this.ways.into.name}: ${message.kind}`);
          this.host.received(message);
        }
        return;
      case "lost":
        note(`session lost: ${effect.reason}`);
        return this.host.lost(effect.reason === "ENDED");
      case "drained":
        return this.host.drained?.();
      case "refused":
        throw new Error(`${this.name} was refused: ${effect.message}`);
      case "wakeAt":
        this.unwake?.();
        this.unwake = process.wakeUnless(
          effect.atMs,
          () => {
            if (this.session === session) this.run(session, (effects) => session.woke(process.now(), effects));
          },
          () => session.isAtRest,
        );
        return;
      default:
        return effect satisfies never;
    }
  }

  private dialled(session: DialledSession<Out, In>): void {
    const { network, process } = this.around;
    if (this.session !== session || session.state !== "dialling") return;
    // Nobody says that there is nobody.
    const { answerMs } = { ...SESSION_OPTIONS, ...this.around.session };
    if (process.now() + answerMs < this.awayUntilMs && this.around.random.chance(0.2)) return;
    if (process.now() < this.awayUntilMs)
      return this.run(session, (effects) => session.linkClosed(undefined, process.now(), effects));
    const link = network.open(this.name, [this.other, this]);
    this.link = link;
    this.other.opened(link);
    this.run(session, (effects) => session.linkOpened(link.id, ++this.hellos, process.now(), effects));
  }
}
