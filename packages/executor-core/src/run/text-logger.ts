// Owns: where log records go when nobody said where: one line each, on stderr.

import type { Logger, LogLevel } from "../work/report.js";
import { realClock } from "./real-clock.js";

/** What it shows of a record: `data` is the task's own. */
type Shown = {
  readonly slug?: string;
  readonly mapIndex?: number | undefined;
  readonly atMs?: number;
  readonly data?: object;
};

/** `write`: takes a line with its end. */
export function textLogger(write: (line: string) => void): Logger {
  const line =
    (level: LogLevel) =>
    (message: string, record: Shown = {}) => {
      const { slug, mapIndex, atMs = realClock.now(), data } = record;
      const time = new Date(atMs).toISOString().slice(11, 23);
      const who = slug === undefined ? "" : ` ${slug}${mapIndex === undefined ? "" : `[${mapIndex}]`}:`;
      const own = data === undefined ? "" : ` ${JSON.stringify(data)}`;
      write(`${time} ${level.padEnd(5)}${who} ${message}${own}\n`);
    };
  return { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
}

/** Debug records are left out. */
export const stderrLogger: Logger = {
  ...textLogger((line) => void process.stderr.write(line)),
  debug: () => undefined,
};
