import * as readline from "node:readline/promises";
import type { ReadStream, WriteStream } from "node:tty";
import { OperationError } from "../errors/operation-error";

/**
 * Asks a question that only `y` or `yes` answers with yes.
 *
 * @param yes the answer was given on the command line
 * @throws OperationError when the answer is no, or nobody is there to give one
 */
export async function confirm(
  question: string,
  { yes, input, output }: { yes?: boolean; input: ReadStream; output: WriteStream },
): Promise<void> {
  if (yes) return;
  if (!input.isTTY) throw new OperationError(`${question} nobody can answer here: say so with --yes`);
  const terminal = readline.createInterface({ input, output });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new OperationError("nothing was changed");
  } finally {
    terminal.close();
  }
}
