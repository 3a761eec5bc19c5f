// Owns: what a thread does with what it is given: it opens once, then runs batch after batch.

import { markTaskThread } from "@millrace/core/seam";
import type { OutcomesMessage, ToThread } from "../wire.js";
import { BatchRun } from "./batch-run.js";
import { guardThread } from "./guard.js";
import { Link } from "./link.js";
import { catchOutput } from "./output.js";
import { Told } from "./told.js";

let opened: { readonly link: Link; readonly told: Told } | undefined;

/** What piscina calls. */
export async function handle(message: ToThread): Promise<OutcomesMessage | undefined> {
  if (message.kind === "open") {
    const link = new Link(message);
    markTaskThread();
    guardThread(link);
    catchOutput();
    opened = { link, told: new Told() };
    return undefined;
  }
  if (opened === undefined) throw new Error("a thread was given work before it was opened");
  return new BatchRun(message, opened.link, opened.told).run();
}
