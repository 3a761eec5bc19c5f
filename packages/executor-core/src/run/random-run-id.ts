// Owns: the id of a run: 128 random bits as hex. A name, never a secret: `node:crypto` would cost each start of a command
// line five milliseconds for nothing.

export function randomRunId(): string {
  let id = "";
  for (let i = 0; i < 4; i++)
    id += Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return id;
}
