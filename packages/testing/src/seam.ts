// Owns: what this repository's own tests and benches use of this package beside what authors do.

export { SeededRandom } from "./seeded-random.js";
export { VirtualWorld } from "./virtual-world.js";
