// Owns: values that are on their way here: one transfer a value, from one holder after the other.
// T1. A holder that says it has it not is not asked again, one from which nothing good came is asked a few times, after the
//     others; when none is left the value is missing. The store beside the scheduler never dies: it is asked for ever.
// T2. So many requests at a time; what more is wanted waits. Values of one peer and one turn are one request.
// T3. A request goes on for as long as something comes of it: of a large value its pieces, whatever it takes in all.

import type { FlowRunId, ValueRange } from "@millrace/core/pure";
import type { WorkerEffect } from "./effects.js";
import { rangeOfKey } from "./names.js";

/** Who waits for a value: it hears when that is there, or that it is not to be had. */
export interface Wisher {
  arrived(): void;
  missing(value: ValueRange): void;
}

type Transfer = {
  readonly key: number;
  readonly holders: number[];
  request: number;
  /** How often each holder was asked. */
  readonly tries: Map<number, number>;
  readonly wishers: Set<Wisher>;
};

type Request = {
  readonly run: FlowRunId;
  readonly worker: number;
  readonly keys: Set<number>;
  dueMs: number;
  sinceMs: number;
  /** That came since `dueMs` was put off. */
  bytes: number;
};

export const REQUESTS_MAX = 10;
export const TRIES_MAX = 3;
/** As the wire has it. */
const STORE = 0;
/** Where less than that many bytes, and no value, comes for so long, a request has failed. */
export const REQUEST_MS = 10_000;
export const REQUEST_BYTES = 65_536;

const NOTHING: ReadonlySet<number> = new Set();

export class Transfers {
  readonly requests = new Map<number, Request>();
  private readonly runs = new Map<FlowRunId, Map<number, Transfer>>();
  /** In the order in which they are asked for; and those that nobody is left to ask for. */
  private readonly waiting = new Set<Transfer>();
  private readonly lost = new Set<Transfer>();
  private readonly runOf = new Map<Transfer, FlowRunId>();
  private last = 0;

  /** `holders`: workers that have it, best first. */
  want(run: FlowRunId, key: number, holders: readonly number[], wisher: Wisher): void {
    let transfers = this.runs.get(run);
    if (transfers === undefined) {
      transfers = new Map();
      this.runs.set(run, transfers);
    }
    let transfer = transfers.get(key);
    if (transfer === undefined) {
      transfer = { key, holders: [], request: 0, tries: new Map(), wishers: new Set() };
      transfers.set(key, transfer);
      this.runOf.set(transfer, run);
    }
    for (const holder of holders) if (!transfer.holders.includes(holder)) transfer.holders.push(holder);
    if (transfer.request === 0) this.line(transfer);
    transfer.wishers.add(wisher);
  }

  /** Nobody waits for it for this wisher's sake. */
  unwant(run: FlowRunId, key: number, wisher: Wisher, effects: WorkerEffect[]): void {
    const transfer = this.runs.get(run)?.get(key);
    if (transfer === undefined || !transfer.wishers.delete(wisher) || transfer.wishers.size > 0) return;
    this.drop(run, transfer, effects);
  }

  /** How long the request took for what came now: since it was sent, or since something of it came. */
  tookMs(id: number, nowMs: number): number {
    const request = this.requests.get(id);
    if (request === undefined) return 0;
    const { sinceMs } = request;
    request.sinceMs = nowMs;
    putOff(request, nowMs);
    return Math.max(0, nowMs - sinceMs);
  }

  /** T3. */
  progress(id: number, bytes: number, nowMs: number): void {
    const request = this.requests.get(id);
    if (request === undefined) return;
    request.bytes += bytes;
    if (request.bytes >= REQUEST_BYTES) putOff(request, nowMs);
  }

  /** It is here. Those who waited for it, who have not been told. */
  arrived(run: FlowRunId, key: number): readonly Wisher[] {
    const transfer = this.runs.get(run)?.get(key);
    if (transfer === undefined) return [];
    this.forget(run, transfer);
    return [...transfer.wishers];
  }

  /** It will not be here: its name was let go. */
  end(run: FlowRunId, key: number, effects: WorkerEffect[]): void {
    const transfer = this.runs.get(run)?.get(key);
    if (transfer === undefined) return;
    this.drop(run, transfer, effects);
    for (const wisher of transfer.wishers) wisher.missing(rangeOfKey(key));
  }

  /** What of the request has not come is asked of the next holder (T1). `missing`: what this one does not have. */
  requestEnded(id: number, missing: ReadonlySet<number>): void {
    const request = this.requests.get(id);
    if (request === undefined) return;
    this.requests.delete(id);
    const { worker } = request;
    for (const key of request.keys) {
      const transfer = this.runs.get(request.run)?.get(key);
      if (transfer?.request !== id) continue;
      transfer.request = 0;
      const isGiving = !missing.has(key) && (transfer.tries.get(worker) ?? 0) < TRIES_MAX;
      if ((worker === STORE || isGiving) && !transfer.holders.includes(worker)) transfer.holders.push(worker);
      this.line(transfer);
    }
  }

  private line(transfer: Transfer): void {
    const { waiting, lost } = this;
    const [from, to] = transfer.holders.length === 0 ? [waiting, lost] : [lost, waiting];
    from.delete(transfer);
    to.add(transfer);
  }

  /** Everything of a run, without a word to who waited. */
  dropRun(run: FlowRunId, effects: WorkerEffect[]): void {
    for (const transfer of this.runs.get(run)?.values() ?? []) this.drop(run, transfer, effects);
  }

  dropAll(effects: WorkerEffect[]): void {
    for (const run of this.runs.keys()) this.dropRun(run, effects);
  }

  peerGone(worker: number): void {
    for (const [id, request] of this.requests) if (request.worker === worker) this.requestEnded(id, request.keys);
    for (const transfer of this.runOf.keys()) {
      const at = transfer.holders.indexOf(worker);
      if (at >= 0) transfer.holders.splice(at, 1);
      if (transfer.request === 0) this.line(transfer);
    }
  }

  /** T2. */
  start(nowMs: number, effects: WorkerEffect[]): void {
    for (const transfer of this.lost) this.lose(transfer);
    if (this.requests.size >= REQUESTS_MAX) return;
    const made = new Map<string, { id: number; run: FlowRunId; worker: number; keys: number[] }>();
    for (const transfer of this.waiting) {
      const run = this.runOf.get(transfer);
      const [worker] = transfer.holders;
      if (run === undefined || worker === undefined) continue;
      const place = `${worker}/${run}`;
      let request = made.get(place);
      if (request === undefined) {
        if (this.requests.size >= REQUESTS_MAX) continue;
        request = { id: ++this.last, run, worker, keys: [] };
        made.set(place, request);
        const dueMs = nowMs + REQUEST_MS;
        this.requests.set(request.id, { run, worker, keys: new Set(), dueMs, sinceMs: nowMs, bytes: 0 });
      }
      this.waiting.delete(transfer);
      transfer.holders.shift();
      transfer.tries.set(worker, (transfer.tries.get(worker) ?? 0) + 1);
      transfer.request = request.id;
      request.keys.push(transfer.key);
      this.requests.get(request.id)?.keys.add(transfer.key);
    }
    for (const { id, run, worker, keys } of made.values())
      effects.push({ kind: "fetch", request: id, worker, run, values: keys.map(rangeOfKey) });
  }

  get nextDueMs(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const { dueMs } of this.requests.values()) least = Math.min(least, dueMs);
    return least;
  }

  expire(nowMs: number, effects: WorkerEffect[]): void {
    for (const [id, { dueMs }] of this.requests) {
      if (dueMs > nowMs) continue;
      effects.push({ kind: "unfetch", request: id });
      this.requestEnded(id, NOTHING);
    }
  }

  isUnderWay(run: FlowRunId, key: number): boolean {
    return this.runs.get(run)?.has(key) === true;
  }

  private lose(transfer: Transfer): void {
    const run = this.runOf.get(transfer);
    if (run === undefined) return;
    this.forget(run, transfer);
    for (const wisher of transfer.wishers) wisher.missing(rangeOfKey(transfer.key));
  }

  private drop(run: FlowRunId, transfer: Transfer, effects: WorkerEffect[]): void {
    const { request } = transfer;
    this.forget(run, transfer);
    if (request > 0 && !this.requests.has(request)) effects.push({ kind: "unfetch", request });
  }

  private forget(run: FlowRunId, transfer: Transfer): void {
    const transfers = this.runs.get(run);
    transfers?.delete(transfer.key);
    if (transfers?.size === 0) this.runs.delete(run);
    this.runOf.delete(transfer);
    this.waiting.delete(transfer);
    this.lost.delete(transfer);
    const request = this.requests.get(transfer.request);
    request?.keys.delete(transfer.key);
    if (request?.keys.size === 0) this.requests.delete(transfer.request);
  }
}

function putOff(request: Request, nowMs: number): void {
  request.dueMs = nowMs + REQUEST_MS;
  request.bytes = 0;
}
