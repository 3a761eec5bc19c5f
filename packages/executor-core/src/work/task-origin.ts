// Owns: the shape of what is known of where a task was made, by which it is found again elsewhere (D7).
// Does not own: capturing and reading it (`flow/origin`).

import type { FailureData } from "./failure-data.js";
import type { TaskKey } from "./task-key.js";

/** A module body of a bundle: frames name the bundle, so the bundle says which source runs. */
export type Body = {
  /** The bundle's URL. */
  readonly bundle: string;
  /** The source file, from the folder of the project on. */
  readonly source: string;
};

/** `bodies`: of bundles, as they were open. */
export type Origin = { readonly trace: object; readonly bodies: readonly Body[] };

/** A definition: the name that `task(name, fn)` was given, whatever its nodes are called, and where that was. */
export type TaskMade = {
  readonly name: string;
  readonly origin: Origin;
  /** Of a definition that came as data. */
  readonly key?: TaskKey;
  /** Why its arguments could not be sent: it fails with that when it would begin. */
  readonly refused?: FailureData;
};
