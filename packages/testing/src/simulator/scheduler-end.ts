// Owns: the scheduler's end of the links of one role: its sessions, driven by the simulated network and clock.

import { type ListeningEffect, Sessions } from "@millrace/distributed/seam";
import type { Surroundings } from "./dialling-end.js";
import type { End, Link, Network } from "./network.js";
import type { SimProcess } from "./sim-process.js";

type Message = { readonly kind: string };
type Ways<Out extends Message, In extends Message> = ConstructorParameters<typeof Sessions<Out, In>>[0]["ways"];

/** What comes of sessions. */
export interface SessionHost<In> {
  opened(session: string, name: string, epoch: number, isNew: boolean): void;
  received(session: string, message: In): void;
  lost(session: string): void;
}

export class SchedulerEnd<Out extends Message, In extends Message> implements End {
  readonly sessions: Sessions<Out, In>;
  private readonly process: SimProcess;
  private readonly network: Network;
  private readonly host: SessionHost<In>;
  private readonly note: (what: string) => void;
  /** What comes here. */
  private readonly heard: string;

  constructor(
    role: "client" | "worker",
    ways: Ways<Out, In>,
    { process, network, note, session }: Omit<Surroundings, "random">,
    host: SessionHost<In>,
  ) {
    this.process = process;
    this.network = network;
    this.host = host;
    this.note = note;
    this.heard = ways.into.name;
    let made = 0;
    this.sessions = new Sessions<Out, In>({
      role,
      ways,
      release: "simulated",
      options: session,
      newId: () => `${role}-session-${++made}`,
      onPair: (state, event) => note(`listening session ${state}/${event}`),
    });
  }

  opened(link: Link): void {
    this.process.hear(() => this.run((effects) => this.sessions.linkOpened(link.id, this.process.now(), effects)));
  }

  frames(link: Link, bytes: Uint8Array): void {
    this.process.hear(() => this.run((effects) => this.sessions.bytes(link.id, bytes, this.process.now(), effects)));
  }

  cut(link: Link): void {
    this.process.hear(() => this.run((effects) => this.sessions.linkClosed(link.id, this.process.now(), effects)));
  }

  say(session: string, messages: readonly Out[]): void {
    this.run((effects) => this.sessions.send(session, messages, this.process.now(), effects));
  }

  /** What that session is told next is too much for it, as where nothing was answered for long: it is lost in the middle of that. */
  overflow(session: string): void {
    const line = this.sessions.byId.get(session)?.line;
    if (line !== undefined) Object.defineProperty(line, "overflows", { value: true });
  }

  /** Every session is over. */
  end(): void {
    for (const id of this.sessions.byId.keys())
      this.run((effects) => this.sessions.end(id, "the scheduler ends", this.process.now(), effects));
  }

  private run(step: (effects: ListeningEffect<In>[]) => void): void {
    const effects: ListeningEffect<In>[] = [];
    step(effects);
    this.sessions.validate();
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: ListeningEffect<In>): void {
    switch (effect.kind) {
      case "send": {
        const link = this.network.find(effect.link);
        if (link !== undefined) this.network.send(link, 0, effect.bytes);
        return;
      }
      case "close": {
        const link = this.network.find(effect.link);
        if (link !== undefined && effect.reason === "ENDED") this.network.finish(link);
        else if (link !== undefined) this.network.cut(link);
        return;
      }
      case "opened":
        return this.host.opened(effect.session, effect.name, effect.epoch, effect.isNew);
      case "received":
        for (const message of effect.messages) {
          this.note(`${this.heard}: ${message.kind}`);
          this.host.received(effect.session, message);
        }
        return;
      case "lost":
        this.note(`session lost: ${effect.reason}`);
        return this.host.lost(effect.session);
      case "wakeAt":
        this.process.wakeUnless(
          effect.atMs,
          () => this.run((effects) => this.sessions.woke(this.process.now(), effects)),
          () => this.sessions.isAtRest,
        );
        return;
      default:
        return effect satisfies never;
    }
  }
}
