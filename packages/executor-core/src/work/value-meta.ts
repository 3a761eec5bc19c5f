// Owns: what the scheduler knows of a value without having it (D3).

/** `length` is -1 for what is no array. */
export type ValueMeta = { readonly length: number; readonly truthy: boolean };

/** Shared, so that a value that is no list costs no object. */
export const PLAIN_TRUE: ValueMeta = Object.freeze({ length: -1, truthy: true });
export const PLAIN_FALSE: ValueMeta = Object.freeze({ length: -1, truthy: false });

export function metaOf(value: unknown): ValueMeta {
  if (isArray(value)) {
    const length = lengthOf(value);
    // A proxy may give anything as its length: then it is no list.
    if (Number.isSafeInteger(length) && length >= 0) return { length, truthy: true };
  }
  return value ? PLAIN_TRUE : PLAIN_FALSE;
}

/** A revoked proxy throws when it is asked. */
function isArray(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

function lengthOf(list: readonly unknown[]): number {
  try {
    return list.length;
  } catch {
    return -1;
  }
}
