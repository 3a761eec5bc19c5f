// Owns: how much one frame may say. Both sides hold to it: what an encoder would write too large, it refuses.
// L1. Each is looked at before memory is taken for what was said.

/** Of the format: a side that reads another one says both in `refused`. */
export const PROTOCOL_VERSION = 1;

/** Bodies of messages before the other side is known: all that a stranger can make us take. */
export const SESSION_BYTES_MAX = 4_096;
/** Of messages that only steer. */
export const CONTROL_BYTES_MAX = 1_048_576;
/** Of columns, and of pieces of values. */
export const COLUMNS_BYTES_MAX = 16_777_216;

/** Nodes that a client may send of a run before it has heard of it. */
export const START_CREDIT = 8_192;

/** Runs of nodes that a client may name before they have come. */
export const NAMES_AHEAD_MAX = 4_194_304;

/** Rows of one batch, graph chunk or list of changes. */
export const ROWS_MAX = 1_048_576;
/** Values of all ranges of one list: more than one worker can hold of a run. */
export const VALUES_MAX = 16_777_216;
/** What a worker may say that it runs at a time. */
export const SLOTS_MAX = 65_536;
/** Ids are below. */
export const ID_END = 2 ** 31;
/** Levels of a tree: the graph refuses what a user nests deeper than half of it. */
export const TREE_DEPTH_MAX = 2_000;
/** Causes of causes. */
export const FAILURE_DEPTH_MAX = 16;
/** Characters of one text: names, messages, stacks. */
export const TEXT_MAX = 262_144;
