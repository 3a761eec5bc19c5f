// Owns: how an encoded value is laid out: the tag of each kind, the head and the foot.
// F1. One byte of magic and version, one of flags, the body, then, if the flags say so, texts, tables and an 8-byte foot.
//     All numbers are little-endian; a varint has 7 bits a byte, lowest first.
// F2. A tag below 0x80 is that integer. A change of any tag is a new version.

/** The high half says that it is ours, the low half is the version. */
export const HEAD = 0xd1;
export const HEAD_BYTES = 2;
/** Two u32: where the texts begin, where the tables begin. */
export const FOOT_BYTES = 8;

export const FLAG = {
  foot: 1,
  /** Elements in parts: u32 count, u32 offsets (count + 1), with `besideTable` as many again, then whole messages. */
  list: 2,
  /** Numbers of equal width: the tag, u32 count, elements. */
  packedList: 4,
  besideTable: 8,
} as const;

export const TAG = {
  undefined: 0x80,
  null: 0x81,
  true: 0x82,
  false: 0x83,
  u16: 0x84,
  i32: 0x85,
  f64: 0x86,
  /** Sign and hexadecimal digits, as a text. */
  bigint: 0x87,
  /** Up to `SHORT_CHARS` characters, in the texts: varint characters. */
  short: 0x88,
  /** Varint characters, and one byte or two for each. */
  latin1: 0x89,
  utf16: 0x8a,
  /** An object that stood before: varint number, in the order of first meeting. */
  ref: 0x8b,
  /** A container whose content comes after everything before it: the tag of the container. */
  deferred: 0x8c,

  // Containers: the content may be deferred.
  /** Varint shape, values. The shape after the last is new: varint bytes, varint keys, the keys. */
  object: 0x90,
  nullObject: 0x91,
  /** Many keys: varint count, key and value by turns. */
  record: 0x92,
  nullRecord: 0x93,
  list: 0x94,
  /** Varint length, varint count, key (integer or text) and value by turns. */
  sparse: 0x95,
  map: 0x96,
  set: 0x97,
  /** u8 kind, varint count of fields: key, 1 if enumerable, value. */
  error: 0x98,

  // Leaves.
  packedU8: 0xa0,
  packedI32: 0xa1,
  packedF64: 0xa2,
  date: 0xa3,
  regexp: 0xa4,
  url: 0xa5,
  urlSearchParams: 0xa6,
  boxed: 0xa7,
  /** The next region of the tables, whole. */
  arrayBuffer: 0xa8,
  /** u8 kind; the next region. */
  view: 0xa9,
  /** Name, version, what its `encode` gave. */
  registered: 0xaa,
} as const;

/** Longer texts stand in the body. A short one that a user keeps keeps its chunk alive with it: V8 shares it. */
export const SHORT_CHARS = 64;
export const CHUNK_CHARS = 4_096;
/** Objects with more keys are records, whose keys are no shape. */
export const SHAPE_KEYS = 64;
/** What lies deeper is deferred, so that nothing recurses on the depth of a value. */
export const INLINE_DEPTH = 200;
/** What must be complete at once (in a registered class) may be this deep. */
export const WHOLE_DEPTH = 1_000;
/** Buffers of this size and more travel beside the bytes. */
export const OUT_OF_LINE_BYTES = 32_768;

/** How a buffer of the tables is carried. */
export const SPAN = { inline: 0, beside: 1, shared: 2 } as const;
