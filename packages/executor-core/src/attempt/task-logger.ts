// Owns: what a task says by `context().logger` and `context().progress`: checked, and as plain data.
// Does not own: where it goes (the `Reporter` of whoever runs the attempt).

import { MillraceError } from "../work/millrace-error.js";
import type { Logger, LogLevel, Said } from "../work/report.js";
import { plainData, shortText } from "./plain-data.js";

export class TaskLogger implements Logger {
  private readonly say: (said: Said) => void;

  constructor(say: (said: Said) => void) {
    this.say = say;
  }

  debug(message: string, data?: object): void {
    this.log("debug", message, data);
  }

  info(message: string, data?: object): void {
    this.log("info", message, data);
  }

  warn(message: string, data?: object): void {
    this.log("warn", message, data);
  }

  error(message: string, data?: object): void {
    this.log("error", message, data);
  }

  /** Whatever it is given: a record must not fail the task. */
  private log(level: LogLevel, message: unknown, data: unknown): void {
    const text = typeof message === "string" ? shortText(message) : textOf(message);
    const isData = typeof data === "object" && data !== null;
    const given = isData ? plainData(data) : data === undefined ? undefined : plainData({ data });
    this.say({ kind: "log", level, message: text, ...(given === undefined ? undefined : { data: given }) });
  }
}

function textOf(message: unknown): string {
  try {
    if (message instanceof Error) return shortText(`${String(message.name)}: ${String(message.message)}`);
  } catch {
    // An error, or a proxy, that does not let itself be read: below it is a note that says so.
  }
  return shortText(JSON.stringify(plainData({ message })));
}

/** Throws `INVALID_PROGRESS`. */
export function progressOf(done: unknown, total: unknown): Said {
  for (const [name, value] of [
    ["done", done],
    ["total", total],
  ] as const) {
    if (typeof value === "number" && value >= 0 && Number.isFinite(value)) continue;
    const what = typeof value === "number" ? String(value) : typeof value;
    throw new MillraceError("INVALID_PROGRESS", `progress(done, total): ${name} is ${what}: give a number from 0 on`);
  }
  return { kind: "progress", done: Number(done), total: Number(total) };
}
