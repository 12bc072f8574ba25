import * as readline from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
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
  const terminal = readline.createInterface({ input, output, terminal: true });
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

/**
 * Asks for one line that nobody sees, or reads it from standard input where that is no terminal.
 *
 * @throws OperationError when Ctrl-C or Ctrl-D is the answer
 */
export async function answerHidden(
  question: string,
  { stdin, stdout }: { readonly stdin: ReadStream; readonly stdout: WriteStream },
): Promise<string> {
  if (!stdin.isTTY) return (await text(stdin)).replace(/\r?\n$/, "");
  stdout.write(`${question} (not shown): `);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await answer("", { input: stdin, output: nowhere as WriteStream });
  } finally {
    stdout.write("\n");
  }
}
