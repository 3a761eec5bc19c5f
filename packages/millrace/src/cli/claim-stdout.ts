// Owns: stdout for a document alone.

/** From now on what anybody else prints to stdout goes to stderr: loading a file may print. Gives the way to stdout. */
export function claimStdout(): (text: string) => void {
  const write = process.stdout.write.bind(process.stdout);
  // Object.assign: the overloads of write fit no function that passes its arguments on.
  Object.assign(process.stdout, { write: process.stderr.write.bind(process.stderr) });
  return (text) => void write(text);
}
