// Owns: the same tasks through p-queue, as one side.
import PQueue from "p-queue";
import { numberIn, type Prepare } from "../side.js";

const asyncNoop = async (): Promise<void> => {};
const syncNoop = (): void => {};

/** Tasks a second, from the first `add` to idle; with `each` until the promise of each has been awaited. */
export const prepare: Prepare = async (options) => {
  const count = numberIn(options, "count");
  const concurrency = numberIn(options, "concurrency");
  const noop = options["shape"] === "sync" ? syncNoop : asyncNoop;
  return async () => {
    const startedAt = performance.now();
    const queue = new PQueue({ concurrency });
    if (options["each"] === true) {
      const promises: Promise<unknown>[] = [];
      for (let i = 0; i < count; i++) promises.push(queue.add(noop));
      await Promise.all(promises);
    } else {
      for (let i = 0; i < count; i++) void queue.add(noop);
      await queue.onIdle();
    }
    return (count * 1000) / (performance.now() - startedAt);
  };
};
