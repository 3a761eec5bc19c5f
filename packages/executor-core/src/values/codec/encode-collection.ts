// Owns: writing maps and sets.
// Casts: the kind of an object says what it is.

import { changed, extraProperty } from "./describe.js";
import type { Encoder } from "./encoder.js";
import { TAG } from "./format.js";
import { entryPart } from "./value-path.js";

const { forEach: eachEntry } = Map.prototype;
const { forEach: eachMember } = Set.prototype;
const sizeOfMap = Object.getOwnPropertyDescriptor(Map.prototype, "size")?.get;
const sizeOfSet = Object.getOwnPropertyDescriptor(Set.prototype, "size")?.get;

export function writeCollection(encoder: Encoder, kind: "map" | "set", object: object): void {
  const { out } = encoder;
  if (Object.keys(object).length > 0) encoder.refuseHere(extraProperty(`a ${kind === "map" ? "Map" : "Set"}`));
  const size = Number((kind === "map" ? sizeOfMap : sizeOfSet)?.call(object));
  out.reserve(10);
  out.u8(kind === "map" ? TAG.map : TAG.set);
  out.varint(size);
  encoder.countNodes(size);
  let written = 0;
  if (kind === "set") {
    eachMember.call(object as Set<unknown>, (member) => encoder.part(memberPart(member, written++), member));
  } else {
    eachEntry.call(object as Map<unknown, unknown>, (value, key) => {
      encoder.part(isPart(key) ? entryPart(key, written, 0) : 0, key);
      encoder.part(isPart(value) ? entryPart(key, written, 1) : 0, value);
      written++;
    });
  }
  if (written !== size) encoder.refuseHere(changed);
}

/** Only these can be refused, so only these need a name. */
const isPart = (value: unknown): boolean =>
  typeof value === "object" || typeof value === "function" || typeof value === "symbol";

const memberPart = (member: unknown, index: number): { readonly text: string } | number =>
  isPart(member) ? { text: `.values()[${index}]` } : 0;
