// Owns: where log records go when nobody said where: one line each, on stderr. Debug records are left out.

import type { Logger, LogLevel } from "../work/report.js";
import { realClock } from "./real-clock.js";

/** `write`: takes a line with its end. */
export function textLogger(write: (line: string) => void): Logger {
  const line = (level: LogLevel) => (message: string, data?: object) => {
    const { slug, mapIndex, atMs, ...rest } = recordOf(data);
    const time = new Date(typeof atMs === "number" ? atMs : realClock.now()).toISOString().slice(11, 23);
    const who = slug === undefined ? "" : ` ${String(slug)}${mapIndex === undefined ? "" : `[${String(mapIndex)}]`}:`;
    const own = rest["data"] === undefined ? "" : ` ${JSON.stringify(rest["data"])}`;
    write(`${time} ${level.padEnd(5)}${who} ${message}${own}\n`);
  };
  return { debug: () => undefined, info: line("info"), warn: line("warn"), error: line("error") };
}

const recordOf = (data: object | undefined): Record<string, unknown> => ({ ...data });

export const stderrLogger = textLogger((line) => void process.stderr.write(line));
