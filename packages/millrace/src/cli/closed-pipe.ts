// Owns: output that nobody reads any more, as behind `| head -1`.
// Does not own: what is written.
// C1. The run goes on to its end and its exit code says how: its tasks may be in the middle of writing something.

/** Without it the first write that comes too late ends the process with a stack. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error; // a full disk is to be seen
    });
  }
}

const pauseMs = 2;

/** What a pipe has not taken yet is lost when the process is ended. */
export async function outputTaken(): Promise<void> {
  while ([process.stdout, process.stderr].some((stream) => !stream.destroyed && stream.writableLength > 0)) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
