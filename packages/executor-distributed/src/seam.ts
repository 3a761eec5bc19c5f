// Owns: what the other packages of Millrace use of this one. Not for users: it changes with them.

export { type InputPlaces, type PlacementEffect, type SentWork, STORE } from "./placement/effects.js";
export type { PlacedWork, PlacementEvent, TakenBack, WorkEnd, WorkName } from "./placement/events.js";
export type { PlacementReason, ResourceUse } from "./placement/explain.js";
export { Placement } from "./placement/placement.js";
export { validatePlacement } from "./placement/validate.js";
