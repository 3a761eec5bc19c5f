// Owns: what is refused as an argument, since it can only be a mistake: promises, tasks that were not called, flows,
//       annotations out of place.

import { misplacedAnnotation } from "./annotations.js";
import { HANDLE_BRAND, FLOW_BRAND } from "./brands.js";
import { FlowError } from "./flow-error.js";
import { asNodeRef } from "./node-ref.js";

/** `where` names the place in the error. */
export function refuseAsArgument(value: object, where: () => string): void {
  const misplaced = misplacedAnnotation(value);
  if (misplaced !== undefined) throw new FlowError("MISPLACED_ANNOTATION", `${where()} ${misplaced}`);
  if ("then" in value && typeof value.then === "function") {
    throw new FlowError(
      "PROMISE_AS_ARGUMENT",
      `${where()} is a promise, and a promise is no ref: call the task itself, which gives a ref at once, or await the promise before the flow runs and pass the value as a parameter`,
    );
  }
  if (HANDLE_BRAND in value) {
    const name = "name" in value ? String(value.name) : "";
    throw new FlowError("HANDLE_AS_ARGUMENT", `${where()} is the task "${name}" itself: call it, or pass its .fn`);
  }
  if (FLOW_BRAND in value) {
    throw new FlowError("HANDLE_AS_ARGUMENT", `${where()} is a flow: run it in a task, or call its tasks here`);
  }
  for (const inner of insideOf(value)) {
    if (inner === null || typeof inner !== "object" || asNodeRef(inner) === undefined) continue;
    throw new FlowError(
      "REF_OUT_OF_REACH",
      `${where()} holds a ref in a Map, a Set or an object of a class, where none is looked for: pass an array or a plain object, and make the other in the task`,
    );
  }
}

/** One level: deeper ones are as good as never met. Bytes hold no refs, and are many. */
function insideOf(value: object): Iterable<unknown> {
  if (typeof value === "function" || ArrayBuffer.isView(value)) return [];
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  return value instanceof Set ? value : Object.values(value);
}
