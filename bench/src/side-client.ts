// Owns: one side as a child process that stays alive, warmed up, between its repeats.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { SideAnswer, SideOptions, SideRequest } from "./side.js";

/** The same for every side of a comparison. */
const NODE_FLAGS = ["--expose-gc", "--max-old-space-size=4096"];
const script = fileURLToPath(new URL("./side-process.js", import.meta.url));

export type SideSpec = {
  /** A module in `sides/`. */
  readonly side: string;
  readonly options: SideOptions;
  /** Repeats before the first one that counts. */
  readonly warmups?: number;
  /** Instead of those that sides have. */
  readonly nodeFlags?: readonly string[];
};

export class SideClient {
  private readonly child: ChildProcess;
  private readonly name: string;

  private constructor(name: string, nodeFlags: readonly string[]) {
    this.name = name;
    this.child = fork(script, [], { execArgv: [...nodeFlags], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  }

  static async open({ side, options, warmups = 3, nodeFlags = NODE_FLAGS }: SideSpec): Promise<SideClient> {
    const client = new SideClient(side, nodeFlags);
    await client.ask({ kind: "prepare", side, options });
    for (let i = 0; i < warmups; i++) await client.repeat();
    return client;
  }

  async repeat(): Promise<number> {
    const answer = await this.ask({ kind: "repeat" });
    if (answer.kind !== "figure") throw new Error(`the side ${this.name} gave no figure`);
    return answer.figure;
  }

  close(): void {
    if (this.child.connected) this.child.disconnect();
  }

  private ask(request: SideRequest): Promise<SideAnswer> {
    const { child, name } = this;
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void =>
        reject(new Error(`the process of the side ${name} ended with ${code}`));
      child.once("exit", onExit);
      child.once("message", (answer: SideAnswer) => {
        child.off("exit", onExit);
        if (answer.kind === "failed") reject(new Error(`the side ${name} failed: ${answer.error}`));
        else resolve(answer);
      });
      child.send(request);
    });
  }
}
