// Owns: saying why the process does not end when its command has.

const patienceMs = 2_000;
/** What stdin, stdout and stderr count as. */
const standard: ReadonlySet<string> = new Set(["TTYWrap", "PipeWrap"]);

/** User code may leave something open. It is not cut off, since it may be writing; but nobody should have to guess. */
export function noticeOpen(): void {
  setTimeout(() => {
    const kinds = [...new Set(process.getActiveResourcesInfo())].filter((kind) => !standard.has(kind));
    process.stderr.write(
      `millrace: done, but the flow's code left something open (${kinds.join(", ")}). Close it there; Ctrl-C ends this.\n`,
    );
  }, patienceMs).unref();
}
