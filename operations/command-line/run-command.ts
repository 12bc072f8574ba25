import { type CommandUnknownOpts, CommanderError } from "@commander-js/extra-typings";
import { SettingsError } from "../../settings/settings-error";
import { nearest } from "../../settings/nearest";
import { fileError } from "../errors/file-error";
import { InterruptedError } from "../errors/interrupted-error";
import { OperationError } from "../errors/operation-error";
import { write } from "../terminal/print";
import { timedUntilNow, timingTable } from "../terminal/timing";

/**
 * Runs a command and turns what it throws into an exit code: 1 with the message alone for a user's mistake or a fault of
 * the surroundings, 1 with a stack trace for a fault of the program.
 */
export async function runCommand(command: CommandUnknownOpts, args: readonly string[]): Promise<void> {
  timedUntilNow("node: its start, and what it loads");
  for (const one of [command, ...command.commands]) one.exitOverride();
  // A command may be run more than once in one process, such as by a test.
  if (!command.options.some(({ long }) => long === "--timing")) {
    command.option("--timing", "write where the time went to stderr, at the end");
    command.hook("preAction", () => {
      // At the very end, so that what keeps the process from ending is in it, too.
      if (command.opts().timing) process.once("exit", () => write(`${timingTable()}\n`, process.stderr));
    });
  }
  command.on("command:*", ([found = ""]: readonly string[]) => refuseUnknown(command, found));
  try {
    await command.parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed its message; --help is no failure.
      process.exitCode = error.exitCode === 0 ? 0 : 1;
    } else if (error instanceof SettingsError || error instanceof OperationError) {
      write(`${error.message}\n`, process.stderr);
      process.exitCode = 1;
      // What was only looked at, such as a plan, need not come to its end.
      if (error instanceof InterruptedError) process.exit();
    } else {
      const file = fileError(error);
      if (!file) throw error;
      const { path, code, why } = file;
      write(
        `${path}: cannot be read or written (${code}: ${why}): change that, then run this again\n`,
        process.stderr,
      );
      process.exitCode = 1;
    }
  }
}

/** Commander names the nearest sub-command alone, and not those that there are. */
function refuseUnknown(command: CommandUnknownOpts, found: string): never {
  const allowed = command.commands.map((one) => one.name());
  const meant = nearest(found, allowed);
  throw new OperationError(
    `${command.name()} ${found}: there is no such sub-command${meant ? `, did you mean ${meant}?` : ""} (allowed: ${allowed.join(", ")})`,
  );
}
