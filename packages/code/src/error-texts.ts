// Owns: reading whatever was thrown. Nothing here throws: user code may throw a proxy whose traps throw, an error whose
// stack is a number, null.

export type ErrorTexts = {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
};

const textMax = 10_000;

export function errorTexts(error: unknown): ErrorTexts {
  if (!isError(error))
    return { name: "Error", message: readText(() => String(error)) ?? "(what was thrown has no text)" };
  const code = readText(() => ("code" in error ? error.code : undefined));
  const stack = readText(() => error.stack);
  return {
    name: readText(() => error.name) ?? "Error",
    message: readText(() => error.message) ?? "(its message cannot be read)",
    ...(code === undefined ? {} : { code }),
    ...(stack === undefined ? {} : { stack }),
  };
}

export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

function readText(get: () => unknown): string | undefined {
  try {
    const text = get();
    return typeof text === "string" ? text.slice(0, textMax) : undefined;
  } catch {
    return undefined;
  }
}
