// Owns: `tags`, a block whose tasks bear these tags too (TASK-1).

import { type AmbientTags, currentBuild } from "./build.js";
import { tagList } from "./task-options.js";

const ambientTags = new Map<string, AmbientTags>();

/** One object for equal tags: `tags` are sorted, each once. */
export function ambientOf(tags: readonly string[]): AmbientTags {
  const key = JSON.stringify(tags);
  let found = ambientTags.get(key);
  if (found === undefined) {
    found = { tags, key };
    ambientTags.set(key, found);
  }
  return found;
}

/** Tasks that are called in `body` bear these tags beside their own. */
export function tags<R>(names: readonly string[], body: () => R): R {
  const build = currentBuild("tags(...)");
  const added = tagList(names, "the names given to tags(...)");
  return build.withTags(ambientOf([...new Set([...build.ambient.tags, ...added])].sort()), body);
}
