// Owns: the two messages that tests of sessions say: of a worker, and to one.
import type { FromWorker, ToWorker } from "@millrace/distributed/seam";

export const status = (running: number): FromWorker => ({ kind: "status", running, memory: 0, level: "free" });
export const gone = (worker: number): ToWorker => ({ kind: "peerGone", worker });
