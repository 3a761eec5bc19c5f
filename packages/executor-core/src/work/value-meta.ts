// Owns: what the scheduler knows of a value without having it (D3).

/** `length` is -1 for what is no array. */
export type ValueMeta = { readonly length: number; readonly truthy: boolean };

/** Shared, so that a value that is no list costs no object. */
export const PLAIN_TRUE: ValueMeta = Object.freeze({ length: -1, truthy: true });
export const PLAIN_FALSE: ValueMeta = Object.freeze({ length: -1, truthy: false });

export function metaOf(value: unknown): ValueMeta {
  if (Array.isArray(value)) return { length: value.length, truthy: true };
  return value ? PLAIN_TRUE : PLAIN_FALSE;
}
