import * as readline from "node:readline/promises";
import type { ReadStream, WriteStream } from "node:tty";
import { OperationError } from "../errors/operation-error";

/**
 * Asks for one line on a terminal.
 *
 * @returns the line without spaces around it
 * @throws OperationError when Ctrl-C or Ctrl-D is the answer
 */
export async function answer(
  question: string,
  { input, output }: { readonly input: ReadStream; readonly output: WriteStream },
): Promise<string> {
  const terminal = readline.createInterface({ input, output });
  // The terminal is read key by key here, so that Ctrl-C is no signal; the question alone would never come to an end.
  const closed = new Promise<never>((_, reject) => {
    terminal.once("close", () => reject(new OperationError("\nnothing was changed")));
  });
  closed.catch(() => undefined);
  try {
    return (await Promise.race([terminal.question(question), closed])).trim();
  } finally {
    terminal.close();
  }
}
