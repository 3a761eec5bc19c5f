// Owns: the entry of the command line: what it was asked for, and the end of the process.
// Does not own: the commands (`cli/`); they are loaded when one is asked for.

import { outliveReaders, outputTaken } from "./cli/closed-pipe.js";
import { EXIT } from "./cli/exit-code.js";
import { runProgram } from "./cli/program.js";
import { noticeOpen } from "./cli/still-open.js";
import { ownVersion } from "./own-version.js";

outliveReaders();
process.exitCode = await runProgram(process.argv.slice(2), ownVersion);
// A task that did not stop when it was asked to would keep the process open.
if (process.exitCode === EXIT.interrupted) {
  await outputTaken();
  process.exit();
}
noticeOpen();
