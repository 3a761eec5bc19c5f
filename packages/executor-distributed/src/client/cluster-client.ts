// Owns: an executor whose runs a scheduler elsewhere drives: any number of runs over one session.
// Does not own: the session and its links (the port), one run (`client-link`).
// E1. Closing: drain takes no new run and waits for the open ones, which take no more nodes; cancel and kill cancel them first.
// E2. A kill does not wait for a scheduler that cannot be reached, nor for long where it can.

import {
  type Answer,
  type Capabilities,
  CloseInside,
  type CloseMode,
  ExecutorClosed,
  type FlowRunId,
  type RunRequest,
} from "@millrace/core/seam";
import type { Executor } from "@millrace/core";
import type { ToClient } from "../protocol/messages.js";
import { ClientLink } from "./client-link.js";
import type { ClientPort } from "./client-port.js";
import { Outbox } from "./outbox.js";
import { ClientError } from "./state/client-error.js";

/** So long a scheduler may take to cancel what is killed. */
const KILL_MS = 10_000;

export class ClusterClient implements Executor {
  readonly name: string;
  readonly capabilities: Capabilities = { parallel: true, isolated: true, hardCancel: false, remote: true };
  private readonly port: ClientPort;
  private readonly runsCaller: (executor: Executor) => boolean;
  private readonly links = new Map<FlowRunId, ClientLink>();
  private readonly outbox: Outbox;
  private isClosed = false;
  /** Why its session is over for good. */
  private ended: string | undefined;

  /** `runsCaller`: whether the caller is a task that this executor runs. */
  constructor(name: string, port: ClientPort, runsCaller: (executor: Executor) => boolean) {
    this.name = name;
    this.port = port;
    this.runsCaller = runsCaller;
    this.outbox = new Outbox((messages) => port.send(messages));
  }

  /** Throws `EXECUTOR_CLOSED`, and `SCHEDULER_LOST` where the session is over. */
  open(request: RunRequest): ClientLink {
    if (this.isClosed) throw new ExecutorClosed(this.name);
    if (this.ended !== undefined)
      throw new ClientError("SCHEDULER_LOST", `this ${this.name} has no scheduler any more: ${this.ended}`);
    const link = new ClientLink(request, this.port, this.outbox, () => this.links.delete(request.id));
    this.links.set(request.id, link);
    return link;
  }

  /** Throws `CLOSE_INSIDE` in a task of this executor: it would wait for itself. */
  async close(mode: CloseMode = "drain"): Promise<void> {
    if (mode !== "kill" && this.runsCaller(this)) throw new CloseInside(this.name);
    this.isClosed = true;
    for (const link of this.links.values()) {
      if (mode !== "drain") link.cancel("the executor was closed");
      link.takeNoMore(this.name);
    }
    if (mode === "kill") await this.kill();
    else await this.allIdle();
  }

  /** E2. */
  private async kill(): Promise<void> {
    const { clock } = this.port;
    if (this.port.isLinked())
      await new Promise<void>((resolve) => {
        const stopWaiting = clock.wakeAt(clock.now() + KILL_MS, resolve);
        void this.allIdle().then(() => {
          stopWaiting();
          resolve();
        });
      });
    for (const link of this.links.values()) link.giveUp("the executor was closed");
  }

  private async allIdle(): Promise<void> {
    await Promise.all([...this.links.values()].map(({ idle }) => idle));
  }

  /** That it has in mind. */
  get runs(): number {
    return this.links.size;
  }

  /** Of a recipe that was followed. */
  answered(answer: Answer): void {
    this.links.get(answer.run)?.answered(answer);
  }

  received(message: ToClient): void {
    if ("run" in message) this.links.get(message.run)?.received(message);
  }

  /** The scheduler keeps up again. */
  drained(): void {
    this.outbox.drained();
  }

  /** The session is over, and what the open runs came to is not known. Another one may come. */
  lost(why: string): void {
    this.outbox.clear();
    for (const link of this.links.values()) link.lost(why);
  }

  /** The same, and no other one comes. */
  over(why: string): void {
    this.ended ??= why;
    this.lost(why);
  }
}
