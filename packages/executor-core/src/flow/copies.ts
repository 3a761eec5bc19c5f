// Owns: what all loaded copies of Millrace share: where each was loaded from, and which of them builds a flow.
// Does not own: what is built (`build`).
// L1. Two copies have two sets of classes: brands are symbols of the global registry, so that each recognises the
//     other's objects and says what is wrong instead of taking them for plain values.

import { FlowError } from "./flow-error.js";

type Copies = { readonly places: Set<string>; building: object | undefined };

const KEY = Symbol.for("millrace/1");

function isCopies(value: unknown): value is Copies {
  return typeof value === "object" && value !== null && "places" in value && value.places instanceof Set;
}

function openCopies(): Copies {
  const found: unknown = Reflect.get(globalThis, KEY);
  if (isCopies(found)) return found;
  const made: Copies = { places: new Set(), building: undefined };
  Object.defineProperty(globalThis, KEY, { value: made });
  return made;
}

export const copies = openCopies();
copies.places.add(import.meta.url);

/** `met` says what of the other copy turned up here. */
export function twoCopies(met: string): FlowError {
  const places = [...copies.places].map((place) => `\n- ${place}`).join("");
  return new FlowError(
    "TWO_COPIES",
    `${met} comes from another copy of Millrace than the one that is used here. Loaded are:${places}\nMake every package use the same one: npm ls millrace shows who brings which`,
  );
}
