// Owns: an executor whose runs a scheduler elsewhere drives: any number of runs over one session.
// Does not own: the session and its links (the port), one run (`client-link`).
// E1. Closing: drain takes no new run and waits for the open ones, which take no more nodes; cancel and kill cancel them first.

import {
  type Answer,
  type Capabilities,
  CloseInside,
  type CloseMode,
  ExecutorClosed,
  type FlowRunId,
  type RunLink,
  type RunRequest,
} from "@millrace/core/seam";
import type { Executor } from "@millrace/core";
import type { ToClient } from "../protocol/messages.js";
import { ClientLink } from "./client-link.js";
import type { ClientPort } from "./client-port.js";

export class ClusterClient implements Executor {
  readonly name: string;
  readonly capabilities: Capabilities = { parallel: true, isolated: true, hardCancel: false, remote: true };
  private readonly port: ClientPort;
  private readonly runsCaller: (executor: Executor) => boolean;
  private readonly links = new Map<FlowRunId, ClientLink>();
  private isClosed = false;

  /** `runsCaller`: whether the caller is a task that this executor runs. */
  constructor(name: string, port: ClientPort, runsCaller: (executor: Executor) => boolean) {
    this.name = name;
    this.port = port;
    this.runsCaller = runsCaller;
  }

  /** Throws `EXECUTOR_CLOSED`. */
  open(request: RunRequest): RunLink {
    if (this.isClosed) throw new ExecutorClosed(this.name);
    const link = new ClientLink(request, this.port, () => this.links.delete(request.id));
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
    await Promise.all([...this.links.values()].map(({ idle }) => idle));
    if (mode === "kill") this.lost("the executor was closed");
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

  /** The session is over, and what the open runs came to is not known. */
  lost(why: string): void {
    for (const link of this.links.values()) link.lost(why);
  }
}
