// Owns: `millrace/local`: executors that run tasks in threads of this machine.

export { type ThreadActivity, type ThreadLimits, ThreadPoolExecutor, type ThreadPoolOptions } from "@millrace/local";
