// Owns: values that are on their way here: one transfer a value, from one holder after the other.
// T1. A holder that says it has it not is not asked again, one from which nothing good came is asked a few times, after the
//     others; when none is left the value is missing. The store beside the scheduler never dies: it is asked for ever.
// T2. So many requests at a time; what more is wanted waits. Values of one peer and one turn are one request.
// T3. A request goes on for as long as something comes of it: of a large value its pieces, whatever it takes in all.

import type { FlowRunId, ValueRange } from "@millrace/core/pure";
import type { WorkerEffect } from "./effects.js";
import { rangeOfKey } from "./names.js";

type Transfer<W> = {
  readonly run: FlowRunId;
  readonly key: number;
  /** To be asked, best first. */
  readonly holders: number[];
  /** As they were told last. */
  told: readonly number[];
  request: number;
  /** How often each holder was asked. */
  readonly tries: Map<number, number>;
  readonly wishers: Set<W>;
  /** Where it waits to be asked for. */
  group: Group<W> | undefined;
};

/** What waits to be asked of one peer for one run. */
type Group<W> = { readonly run: FlowRunId; readonly worker: number; readonly transfers: Set<Transfer<W>> };
type OfRun<W> = { readonly byKey: Map<number, Transfer<W>>; readonly groups: Map<number, Group<W>> };

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

/** `W`: who waits for a value. */
export class Transfers<W> {
  readonly requests = new Map<number, Request>();
  readonly runs = new Map<FlowRunId, OfRun<W>>();
  /** In the order in which they are asked. */
  readonly waiting = new Set<Group<W>>();
  /** Nobody is left to ask for these. */
  readonly lost = new Set<Transfer<W>>();
  private readonly missing: (wisher: W, value: ValueRange) => void;
  private last = 0;

  /** `missing`: a value is not to be had; called once for each who waits for it. */
  constructor(missing: (wisher: W, value: ValueRange) => void) {
    this.missing = missing;
  }

  /** `holders`: workers that have it, best first. */
  want(run: FlowRunId, key: number, holders: readonly number[], wisher: W): void {
    let all = this.runs.get(run);
    if (all === undefined) {
      all = { byKey: new Map(), groups: new Map() };
      this.runs.set(run, all);
    }
    let transfer = all.byKey.get(key);
    if (transfer === undefined) {
      const [tries, wishers] = [new Map<number, number>(), new Set<W>()];
      transfer = {
        run,
        key,
        holders: [...new Set(holders)],
        told: holders,
        request: 0,
        tries,
        wishers,
        group: undefined,
      };
      all.byKey.set(key, transfer);
    } else if (transfer.told !== holders) {
      const known = new Set(transfer.holders);
      for (const holder of holders) if (!known.has(holder)) transfer.holders.push(holder);
      transfer.told = holders;
    }
    if (transfer.request === 0) this.line(transfer);
    transfer.wishers.add(wisher);
  }

  /** Nobody waits for it for this one's sake. */
  unwant(run: FlowRunId, key: number, wisher: W, effects: WorkerEffect[]): void {
    const transfer = this.find(run, key);
    if (transfer === undefined || !transfer.wishers.delete(wisher) || transfer.wishers.size > 0) return;
    this.drop(transfer, effects);
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
  arrived(run: FlowRunId, key: number): readonly W[] {
    const transfer = this.find(run, key);
    if (transfer === undefined) return [];
    this.forget(transfer);
    return [...transfer.wishers];
  }

  /** It will not be here: its name was let go. */
  end(run: FlowRunId, key: number, effects: WorkerEffect[]): void {
    const transfer = this.find(run, key);
    if (transfer === undefined) return;
    this.drop(transfer, effects);
    for (const wisher of transfer.wishers) this.missing(wisher, rangeOfKey(key));
  }

  /** What of the request has not come is asked of the next holder (T1). `missing`: what this one does not have. */
  requestEnded(id: number, missing: ReadonlySet<number>): void {
    const request = this.requests.get(id);
    if (request === undefined) return;
    this.requests.delete(id);
    const { worker } = request;
    for (const key of request.keys) {
      const transfer = this.find(request.run, key);
      if (transfer?.request !== id) continue;
      transfer.request = 0;
      const isGiving = !missing.has(key) && (transfer.tries.get(worker) ?? 0) < TRIES_MAX;
      if ((worker === STORE || isGiving) && !transfer.holders.includes(worker)) transfer.holders.push(worker);
      this.line(transfer);
    }
  }

  /** It stands where it is to be asked for next. */
  private line(transfer: Transfer<W>): void {
    const [worker] = transfer.holders;
    if (transfer.group !== undefined && transfer.group.worker === worker) return;
    this.leave(transfer);
    if (worker === undefined) {
      this.lost.add(transfer);
      return;
    }
    this.lost.delete(transfer);
    const { run } = transfer;
    const groups = this.runs.get(run)?.groups;
    let group = groups?.get(worker);
    if (group === undefined) {
      group = { run, worker, transfers: new Set() };
      groups?.set(worker, group);
      this.waiting.add(group);
    }
    group.transfers.add(transfer);
    transfer.group = group;
  }

  private leave(transfer: Transfer<W>): void {
    const { group } = transfer;
    if (group === undefined) return;
    transfer.group = undefined;
    group.transfers.delete(transfer);
    if (group.transfers.size === 0) this.close(group);
  }

  private close(group: Group<W>): void {
    this.waiting.delete(group);
    this.runs.get(group.run)?.groups.delete(group.worker);
  }

  /** Everything of a run, without a word to who waited. */
  dropRun(run: FlowRunId, effects: WorkerEffect[]): void {
    for (const transfer of this.runs.get(run)?.byKey.values() ?? []) this.drop(transfer, effects);
  }

  dropAll(effects: WorkerEffect[]): void {
    for (const run of this.runs.keys()) this.dropRun(run, effects);
  }

  peerGone(worker: number, effects: WorkerEffect[]): void {
    for (const [id, request] of this.requests) {
      if (request.worker !== worker) continue;
      effects.push({ kind: "unfetch", request: id });
      this.requestEnded(id, request.keys);
    }
    for (const { byKey } of this.runs.values()) {
      for (const transfer of byKey.values()) {
        const at = transfer.holders.indexOf(worker);
        if (at < 0) continue;
        transfer.holders.splice(at, 1);
        if (transfer.request === 0) this.line(transfer);
      }
    }
  }

  /** T2. */
  start(nowMs: number, effects: WorkerEffect[]): void {
    for (const transfer of this.lost) this.lose(transfer);
    for (const group of this.waiting) {
      if (this.requests.size >= REQUESTS_MAX) return;
      this.close(group);
      this.request(group, nowMs, effects);
    }
  }

  private request({ run, worker, transfers }: Group<W>, nowMs: number, effects: WorkerEffect[]): void {
    const id = ++this.last;
    const keys = new Set<number>();
    this.requests.set(id, { run, worker, keys, dueMs: nowMs + REQUEST_MS, sinceMs: nowMs, bytes: 0 });
    for (const transfer of transfers) {
      transfer.group = undefined;
      transfer.holders.shift();
      transfer.tries.set(worker, (transfer.tries.get(worker) ?? 0) + 1);
      transfer.request = id;
      keys.add(transfer.key);
    }
    effects.push({ kind: "fetch", request: id, worker, run, values: [...keys].map(rangeOfKey) });
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
    return this.find(run, key) !== undefined;
  }

  private find(run: FlowRunId, key: number): Transfer<W> | undefined {
    return this.runs.get(run)?.byKey.get(key);
  }

  private lose(transfer: Transfer<W>): void {
    this.forget(transfer);
    for (const wisher of transfer.wishers) this.missing(wisher, rangeOfKey(transfer.key));
  }

  private drop(transfer: Transfer<W>, effects: WorkerEffect[]): void {
    const { request } = transfer;
    this.forget(transfer);
    if (request > 0 && !this.requests.has(request)) effects.push({ kind: "unfetch", request });
  }

  private forget(transfer: Transfer<W>): void {
    this.leave(transfer);
    this.lost.delete(transfer);
    const all = this.runs.get(transfer.run);
    all?.byKey.delete(transfer.key);
    if (all?.byKey.size === 0) this.runs.delete(transfer.run);
    const request = this.requests.get(transfer.request);
    request?.keys.delete(transfer.key);
    if (request?.keys.size === 0) this.requests.delete(transfer.request);
  }
}

function putOff(request: Request, nowMs: number): void {
  request.dueMs = nowMs + REQUEST_MS;
  request.bytes = 0;
}
