import type { ReadStream, WriteStream } from "node:tty";
import { OperationError } from "../errors/operation-error";
import { answer } from "./answer";

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
  const given = await answer(`${question} [y/N] `, { input, output });
  if (!/^y(es)?$/i.test(given)) throw new OperationError("nothing was changed");
}
