// Owns: the grammar of the command line, its help, and loading the commands when one is asked for.
// Does not own: what a command does.
// P1. commander ends with an error of its own for wrong usage, help and version: all of them become exit codes here.

import { Command, CommanderError, Option } from "commander";
import type { CheckOptions } from "./check-command.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import type { GraphOptions } from "./graph-command.js";
import type { RunCommandOptions } from "./run-command.js";

const fileHelp = "a .ts, .mts, .js or .mjs file that exports a flow; FILE:NAME where it exports several";

export async function runProgram(args: readonly string[], version: () => string): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.success;
  const program = new Command("millrace")
    .description("Runs, checks and draws flows of tasks.")
    .option("--version", "print the version")
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .on("option:version", () => {
      console.log(version());
      throw new CommanderError(0, "millrace.version", "");
    });
  const end = async (code: Promise<ExitCode>): Promise<void> => {
    exitCode = await code;
  };
  addRun(program, end);
  addCheck(program, end);
  addGraph(program, end);
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.success : EXIT.invalid;
  }
}

type End = (code: Promise<ExitCode>) => Promise<void>;

function addRun(program: Command, end: End): void {
  program
    .command("run [file]")
    .usage("FILE[:NAME] [options]")
    .summary("run a flow and show what became of its tasks")
    .description(`Runs a flow. FILE is ${fileHelp}.`)
    .option("-p, --param <name=value>", "a parameter; the value is JSON if it can be read so, else text", collect)
    .addOption(new Option("--executor <name>", "instead of the flow's own").choices(["async", "sequential", "threads"]))
    .option("--concurrency <n>", "how many tasks at once (executor async)")
    .option("--threads <n>", "how many threads (executor threads)")
    .option("--check-values", "fail a task whose arguments or result could not leave the process")
    .option("--log-level <level>", "which log records of tasks to show: debug, info (default), warn, error, silent")
    .option("--json", "print one JSON document, and nothing else, on stdout")
    .option("--quiet", "print errors only")
    .helpOption(false)
    .option("-h, --help", "print this help; with FILE also the flow's parameters")
    .action((file: string | undefined, options: RunCommandOptions, command: Command) =>
      end(
        import("./commands.js").then(({ runCommand }) =>
          runCommand(file, options, `${command.helpInformation()}${runHelp}\n`),
        ),
      ),
    );
}

const runHelp = `
Examples:
  millrace run flow.ts --param n=3 --param 'urls=["https://example.org"]'
  millrace run flows.ts:nightly --executor sequential
  millrace run flow.ts --executor threads --threads 4

Exit code: 0 success, 1 the run did not succeed, 2 nothing ran (usage, file, parameters), 130 Ctrl-C.

Ctrl-C cancels the run: tasks that run are asked to stop, by the signal of their context(), and no other starts.
A second one ends at once. A task that blocks the process keeps both from being seen: end it with SIGKILL, or run it
in threads, where one that does not stop when it is asked ends with its thread.`;

function addCheck(program: Command, end: End): void {
  program
    .command("check")
    .argument("<file>", fileHelp)
    .summary("say what is wrong with a flow, without running it")
    .description(
      "Builds a flow, and prints its parameters and what is wrong or looks wrong. Exit code 2: it cannot run.",
    )
    .option("--json", "print one JSON document, and nothing else, on stdout")
    .action((file: string, options: CheckOptions) =>
      end(import("./commands.js").then(({ checkCommand }) => checkCommand(file, options))),
    );
}

function addGraph(program: Command, end: End): void {
  program
    .command("graph")
    .argument("<file>", fileHelp)
    .summary("print the graph of a flow")
    .description("Prints the tasks of a flow and what waits for what, as Graphviz or as graphlib writes JSON.")
    .addOption(new Option("--format <format>", "how").choices(["dot", "json"]).default("dot"))
    .action((file: string, options: GraphOptions) =>
      end(import("./commands.js").then(({ graphCommand }) => graphCommand(file, options))),
    );
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
