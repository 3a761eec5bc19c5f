// Owns: saying where in a value something stands: `result.users[3].avatar`.

/** A property, an index, or text that is written as it is, like `.get("a")`. */
export type PathPart = string | number | { readonly text: string };

/** The parts above those of a value that was encoded after the rest. */
export type PathStart = { readonly above: PathStart | undefined; readonly parts: readonly PathPart[] };

const PARTS_MAX = 24;
const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** The middle of a long path is left out. */
export function pathText(root: string, start: PathStart | undefined, parts: readonly PathPart[]): string {
  const all: PathPart[] = [...parts];
  for (let at = start; at !== undefined; at = at.above) all.unshift(...at.parts);
  const left = all.length - PARTS_MAX;
  const shown =
    left <= 0 ? all : [...all.slice(0, PARTS_MAX / 2), { text: `...(${left} more)...` }, ...all.slice(-PARTS_MAX / 2)];
  return root + shown.map(partText).join("");
}

function partText(part: PathPart): string {
  if (typeof part === "number") return `[${part}]`;
  if (typeof part === "object") return part.text;
  const key = part.length > 80 ? `${part.slice(0, 80)}...` : part;
  return identifier.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** Of the part of a map's entry: a value by its key where that can be said. */
export function entryPart(key: unknown, index: number, side: 0 | 1): PathPart {
  const isSayable = typeof key === "string" || typeof key === "number";
  if (side === 1 && isSayable) return { text: `.get(${JSON.stringify(key)})` };
  return { text: `.entries()[${index}][${side}]` };
}
