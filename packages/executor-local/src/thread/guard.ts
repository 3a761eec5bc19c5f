// Owns: what ends or shakes a thread from inside user code: exits, signals to the own process, errors that reached nobody.
// G1. Whose it is says the context in which it happens: what an earlier work left behind is blamed on no later one (U4, U5).

import { attempts, failureDataOf } from "@millrace/core/seam";
import type { Link } from "./link.js";

export function guardThread(link: Link): void {
  const exit = process.exit.bind(process);
  const leave = (how: string, code?: number | string | null): never => {
    link.tell({ kind: "exiting", ...ownerOf(link), how });
    return exit(code);
  };
  process.exit = (code) => leave(`its code called process.exit(${code ?? ""})`, code);
  const kill = process.kill.bind(process);
  // A signal to the process would end everything that it runs, not this task.
  process.kill = (pid, signal) =>
    pid === process.pid && signal !== 0
      ? leave(`its code called process.kill on its own process`, 1)
      : kill(pid, signal);
  process.on("uncaughtException", (error) => stray(link, error));
  process.on("unhandledRejection", (reason) => stray(link, reason));
}

function stray(link: Link, error: unknown): void {
  const { current } = link;
  const context = attempts.getStore();
  if (current !== undefined && current.context === context) return current.fail(error);
  const { name, message } = failureDataOf(error);
  link.tell({ kind: "late", slug: context?.taskSlug ?? "", message: `${name}: ${message}` });
}

/** -1: what an earlier work left behind. Without a context it may be anybody's: then it is the one that runs. */
function ownerOf({ current }: Link): { readonly batch: number; readonly position: number } {
  const context = attempts.getStore();
  if (current === undefined) return { batch: -1, position: -1 };
  const isOwn = context === undefined || context === current.context;
  return { batch: current.batch, position: isOwn ? current.position : -1 };
}
