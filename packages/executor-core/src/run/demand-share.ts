// Owns: how the runs of one executor share its demand.
// D1. One run alone has it all. Several: a slot that becomes free goes to the next run in turn that has something ready,
//     so that a wide run does not hold up a narrow one.
// D2. A work in which runs of the same executor are open, or that awaits a future of it, does not count: nesting cannot
//     deadlock.

/** A run as the share sees it. */
export interface Sharer {
  /** Works that are sent and unanswered. */
  readonly open: number;
  /** Something could be sent. */
  readonly wants: boolean;
  setLimit(limit: number): void;
}

export class DemandShare {
  private limit = 0;
  /** Works that wait for runs inside them, and for how many. */
  private readonly waiting = new Map<string, number>();
  private readonly runs: Sharer[] = [];
  private turn = 0;

  setDemand(limit: number): void {
    this.limit = limit;
    this.reshare();
  }

  add(run: Sharer, inside: string | undefined): void {
    this.runs.push(run);
    if (inside !== undefined) this.noteWaiting(inside);
    const [first] = this.runs;
    // The one that had all keeps what it has open; a new one starts without any.
    if (this.runs.length === 2) first?.setLimit(first.open);
    this.reshare();
  }

  remove(run: Sharer, inside: string | undefined): void {
    const at = this.runs.indexOf(run);
    if (at < 0) return;
    this.runs.splice(at, 1);
    if (inside !== undefined) this.noteDone(inside);
    this.reshare();
  }

  /** The work waits for something that needs a slot. */
  lend(work: string): void {
    this.noteWaiting(work);
    this.reshare();
  }

  giveBack(work: string): void {
    this.noteDone(work);
    this.reshare();
  }

  get hasWaiting(): boolean {
    return this.waiting.size > 0;
  }

  /** A work that has ended waits for nothing: the runs that it started and left take slots of their own. */
  workEnded(name: string): void {
    if (this.waiting.delete(name)) this.reshare();
  }

  /** Whether runs have to take turns: then a run may not fill the slot that its own outcome frees. */
  get contended(): boolean {
    return this.runs.length > 1;
  }

  /** Hands out what is free, in turn. After any change of what runs have open or want. */
  share(): void {
    if (!this.contended) return;
    let free = this.limit + this.waiting.size;
    for (const run of this.runs) free -= run.open;
    for (let idle = 0; free > 0 && idle < this.runs.length; ) {
      this.turn = (this.turn + 1) % this.runs.length;
      const run = this.runs[this.turn];
      if (run?.wants !== true) {
        idle++;
        continue;
      }
      const before = run.open;
      run.setLimit(before + 1);
      // It may have had nothing that it could send after all.
      if (run.open > before) {
        free--;
        idle = 0;
      } else idle++;
    }
  }

  private noteWaiting(work: string): void {
    this.waiting.set(work, (this.waiting.get(work) ?? 0) + 1);
  }

  private noteDone(work: string): void {
    const waiting = this.waiting.get(work) ?? 0;
    if (waiting > 1) this.waiting.set(work, waiting - 1);
    else this.waiting.delete(work);
  }

  private reshare(): void {
    const [only] = this.runs;
    if (this.runs.length === 1) only?.setLimit(this.limit + this.waiting.size);
    else this.share();
  }
}
