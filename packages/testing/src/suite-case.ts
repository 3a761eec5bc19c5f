// Owns: what a suite is made of: cases that any test runner can run.

/** Rejects with what does not hold. `rules`: ids of the rules that it is a test of (`docs/rules.md`). */
export type SuiteCase = {
  readonly name: string;
  readonly rules: readonly string[];
  readonly run: () => Promise<void>;
};

/** A turn of the event loop, or several. */
export async function turns(count = 1): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Ends of promises that nobody waits for one by one: values as they are, errors by their code, or name. */
export function endOf(promise: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(promise).then(
    (value) => value,
    (error: unknown) => codeOf(error),
  );
}

export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
