// Owns: what the other packages of Millrace use of this one. Not for users: it changes with them.

export type { Body, LoadedTask, ModuleLoad } from "./flow/module-loads.js";
export { moduleLoads } from "./flow/module-loads.js";
export type { Made, Origin } from "./flow/origin.js";
export { madeAt } from "./flow/origin.js";
export { taskMade } from "./flow/task.js";
export type { TaskKey } from "./work/task-key.js";
