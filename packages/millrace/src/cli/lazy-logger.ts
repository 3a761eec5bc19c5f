// Owns: where the log records of a run go on the command line: JSON lines on stderr by pino, or lines for people on a terminal.
// G1. pino is loaded when the first record is written; what comes until it is there waits for it, in order.
// G2. A logger that cannot be loaded fails no run: records are lines then.

import type { Logger, LogLevel } from "@millrace/core";
import { UsageError } from "./usage-error.js";

export const LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type Threshold = (typeof LEVELS)[number];

export function thresholdOf(text: string | undefined): Threshold {
  const level = LEVELS.find((known) => known === (text ?? "info"));
  if (level === undefined) throw new UsageError(`--log-level is ${text}: write one of ${LEVELS.join(", ")}`);
  return level;
}

type Write = (level: LogLevel, message: string, fields: object) => void;

export class LazyLogger implements Logger {
  private readonly threshold: Threshold;
  private readonly load: (threshold: Threshold) => Promise<Write>;
  private write: Write | undefined;
  private loading: Promise<void> | undefined;
  private waiting: Parameters<Write>[] = [];

  constructor(threshold: Threshold, load: (threshold: Threshold) => Promise<Write> = loadWriter) {
    this.threshold = threshold;
    this.load = load;
  }

  debug(message: string, fields: object = {}): void {
    this.log("debug", message, fields);
  }

  info(message: string, fields: object = {}): void {
    this.log("info", message, fields);
  }

  warn(message: string, fields: object = {}): void {
    this.log("warn", message, fields);
  }

  error(message: string, fields: object = {}): void {
    this.log("error", message, fields);
  }

  /** When all that was logged is written. */
  async written(): Promise<void> {
    await this.loading;
  }

  private log(...record: Parameters<Write>): void {
    if (LEVELS.indexOf(record[0]) < LEVELS.indexOf(this.threshold)) return;
    if (this.write !== undefined) return this.write(...record);
    this.waiting.push(record);
    this.loading ??= this.load(this.threshold).then((write) => {
      this.write = write;
      for (const waiting of this.waiting) write(...waiting);
      this.waiting = [];
    });
  }
}

async function loadWriter(threshold: Threshold): Promise<Write> {
  if (process.stderr.isTTY) return textWriter();
  try {
    const { pino } = await import("pino");
    const logger = pino({ level: threshold, base: null }, { write: (line: string) => void process.stderr.write(line) });
    return (level, message, fields) => logger[level](fields, message);
  } catch (error) {
    const write = await textWriter();
    const why = error instanceof Error ? error.message : String(error);
    write("warn", `pino cannot be loaded, so that records are lines, not JSON: ${why}`, {});
    return write;
  }
}

async function textWriter(): Promise<Write> {
  const { textLogger } = await import("@millrace/core/seam");
  const logger = textLogger((line) => void process.stderr.write(line));
  return (level, message, fields) => logger[level](message, fields);
}
