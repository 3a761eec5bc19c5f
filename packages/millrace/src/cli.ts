// Owns: the entry of the command line: what it was asked for, and the exit code.
// Does not own: the commands (`cli/`); each is loaded when it is asked for.

import { runProgram } from "./cli/program.js";
import { ownVersion } from "./own-version.js";

process.exitCode = await runProgram(process.argv.slice(2), ownVersion);
