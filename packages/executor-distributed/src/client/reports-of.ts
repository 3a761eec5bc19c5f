// Owns: what tasks said, as it came over the wire. It is data of another process: what is not a report is left out.

import { decodeValue, type Report } from "@millrace/core/seam";
import { Opaque } from "../protocol/opaque.js";

export function reportsOf(given: unknown): readonly Report[] {
  if (!(given instanceof Opaque)) return [];
  const decoded = decodeValue({ bytes: given.bytes.slice(), beside: [] });
  return Array.isArray(decoded) ? decoded.filter(isReport) : [];
}

function isReport(value: unknown): value is Report {
  if (typeof value !== "object" || value === null) return false;
  if (!("run" in value && "atMs" in value && "by" in value && "said" in value)) return false;
  const { run, atMs, by, said } = value;
  return typeof run === "string" && typeof atMs === "number" && typeof by === "object" && by !== null && isSaid(said);
}

function isSaid(said: unknown): boolean {
  if (typeof said !== "object" || said === null || !("kind" in said)) return false;
  switch (said.kind) {
    case "log":
      return "message" in said && typeof said.message === "string" && "level" in said && LEVELS.has(said.level);
    case "output":
      return "text" in said && typeof said.text === "string" && "stream" in said && STREAMS.has(said.stream);
    case "progress":
      return "done" in said && typeof said.done === "number" && "total" in said && typeof said.total === "number";
    case "dropped":
      return "count" in said && typeof said.count === "number";
    default:
      return false;
  }
}

const LEVELS = new Set<unknown>(["debug", "info", "warn", "error"]);
const STREAMS = new Set<unknown>(["stdout", "stderr"]);
