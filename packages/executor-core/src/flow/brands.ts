// Owns: the marks by which handles are known, also those of another copy of Millrace (`copies`).

export const HANDLE_BRAND = Symbol.for("millrace/1/task");
export const FLOW_BRAND = Symbol.for("millrace/1/flow");
export const PARAM_BRAND = Symbol.for("millrace/1/param");
