// Owns: how large a value may be. Both sides hold to it: the encoder refuses what its decoder would.

export type Caps = {
  /** Of the encoded bytes, what travels beside them included. */
  readonly maxBytes: number;
  /** Objects, arrays, and elements of arrays. */
  readonly maxNodes: number;
  readonly maxDepth: number;
};

export const DEFAULT_CAPS: Caps = Object.freeze({
  maxBytes: 2 ** 31 - 1,
  maxNodes: 2 ** 27,
  maxDepth: 2 ** 21,
});
