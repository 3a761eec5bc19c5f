/// <reference types="node" preserve="true" />
export type { ThreadPoolOptions } from "./options.js";
export type { ThreadLimits } from "./thread.js";
export { ThreadPoolExecutor } from "./thread-pool-executor.js";
export type { ThreadActivity } from "./activity.js";
