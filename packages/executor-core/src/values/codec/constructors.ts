// Owns: the classes of errors and views that travel, in the order of their codes: it is part of the format.

export const ERROR_CLASSES: readonly ErrorConstructor[] = [
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
];
/** The code behind them: it is made in another way. */
export const AGGREGATE_CODE = ERROR_CLASSES.length;

export type ViewClass = {
  readonly prototype: object;
  readonly name: string;
  readonly BYTES_PER_ELEMENT?: number;
  new (buffer: ArrayBufferLike, from: number, length: number): ArrayBufferView;
};
export const VIEW_CLASSES: readonly ViewClass[] = [
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
];
/** Node's own: no class of the language. */
export const BUFFER_CODE = VIEW_CLASSES.length;
