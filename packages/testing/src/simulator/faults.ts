// Owns: what goes wrong in a simulated cluster, and how often.

/** Probabilities are of each step of the world, or of each value that is sent to a peer. */
export type ClusterFaults = {
  readonly crash: number;
  readonly cut: number;
  /** A worker's frames, both ways, wait. */
  readonly stall: number;
  /** A value is cut short, or other bytes than were meant, on its way to a peer. */
  readonly truncate: number;
  readonly corrupt: number;
  /** A peer does not answer at all. */
  readonly silence: number;
  /** An outcome or a hint is told once more, however old it is; that goes on when the network has healed. */
  readonly repeat: number;
  /** The network heals when so many faults have happened. */
  readonly most: number;
};

export const NO_FAULTS: ClusterFaults = {
  crash: 0,
  cut: 0,
  stall: 0,
  truncate: 0,
  corrupt: 0,
  silence: 0,
  repeat: 0,
  most: 0,
};
export const FAULTS: ClusterFaults = {
  crash: 0.01,
  cut: 0.01,
  stall: 0.01,
  truncate: 0.05,
  corrupt: 0.05,
  silence: 0.02,
  repeat: 0.02,
  most: 20,
};
