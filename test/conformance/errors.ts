// Owns: the error classes that recorded tasks throw.

export class AppError extends Error {
  override readonly name: string = "AppError";
}
export class ChildError extends AppError {
  override readonly name: string = "ChildError";
}
export class OtherError extends Error {
  override readonly name: string = "OtherError";
}
/** The ordinary error. */
export class ValueError extends Error {
  override readonly name: string = "ValueError";
}

const CLASSES = new Map([AppError, ChildError, OtherError, ValueError].map((type) => [type.name, type] as const));

export function throwNamed(name: string): never {
  const type = CLASSES.get(name);
  throw type === undefined ? new RangeError(`the format has no error class ${name}`) : new type(`${name}, as recorded`);
}
