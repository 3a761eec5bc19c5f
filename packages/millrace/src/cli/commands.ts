// Owns: the commands as one module, so that whichever is asked for is loaded from one file.

export { checkCommand } from "./check-command.js";
export { graphCommand } from "./graph-command.js";
export { runCommand } from "./run-command.js";
