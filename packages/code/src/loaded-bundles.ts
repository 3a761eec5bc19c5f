// Owns: which bundles this thread has loaded, and where the paths in them begin.

import { pathToFileURL } from "node:url";

const roots = new Map<string, string>();

/** To be called before the bundle is imported: its body makes tasks. */
export function noteBundle(path: string, root: string): string {
  const { href } = pathToFileURL(path);
  roots.set(href, root);
  return href;
}

/** By the bundle's URL. */
export const rootOfBundle = (bundle: string): string => roots.get(bundle) ?? "/";
