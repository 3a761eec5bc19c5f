// Owns: the error that stands for one that a task threw in another thread or process, and how it travels on from there.

import { registerOwnType } from "./codec/type-registry.js";

/**
 * An error that was thrown elsewhere. It has the `name`, `message`, `code`, `cause` and own properties of the original, and
 * its stack; it is no instance of the original's class, whose name is `className`.
 */
export class MillraceTaskError extends Error {
  readonly className: string;

  constructor(message: string, className: string) {
    super(message);
    this.className = className;
    hide(this, "className", className);
  }
}

/** As the properties that every error has: there, but not listed. */
export function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, enumerable: false, configurable: true });
}

type Field = readonly [key: string, isEnumerable: boolean, value: unknown];

registerOwnType(MillraceTaskError, {
  name: "millrace/task-error",
  encode: (error): readonly Field[] =>
    Object.entries(Object.getOwnPropertyDescriptors(error)).map(
      // Newer engines have an accessor for the stack.
      ([key, property]): Field => [key, property.enumerable === true, Reflect.get(error, key)],
    ),
  decode: (fields) => {
    const error = new MillraceTaskError("", "");
    for (const [key, isEnumerable, value] of fields) {
      Object.defineProperty(error, key, { value, writable: true, enumerable: isEnumerable, configurable: true });
    }
    return error;
  },
});
