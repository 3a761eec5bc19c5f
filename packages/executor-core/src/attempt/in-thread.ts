// Owns: whether this is a thread that runs tasks: a run that is started in one is driven there (design 1, "Executors").
// I1. It hangs on a global symbol: the user's copy of this package may be another one than the thread's.

const KEY = Symbol.for("millrace/1/runs-tasks");

/** Says so of this thread, for good. */
export function markTaskThread(): void {
  Object.defineProperty(globalThis, KEY, { value: true });
}

export const isTaskThread = (): boolean => Reflect.get(globalThis, KEY) === true;
