import * as readline from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import type { ReadStream, WriteStream } from "node:tty";
import { OperationError } from "../errors/operation-error";

/** Where questions are put, and answered. */
export interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
}

/** The terminal of this process. */
export const streams: Terminal = { input: process.stdin, output: process.stdout };

/** Asks a question that yes must be the answer to. @param yes it was given on the command line */
export function asking(yes: boolean | undefined): (question: string) => Promise<void> {
  return (question) => confirm(question, { yes, ...streams });
}

/**
 * Asks a question that only `y` or `yes` answers with yes.
 *
 * @param yes the answer was given on the command line
 * @throws OperationError when the answer is no, or nobody is there to give one
 */
export async function confirm(
  question: string,
  { yes, ...terminal }: Terminal & { yes?: boolean },
): Promise<void> {
  if (yes) return;
  if (!terminal.input.isTTY)
    throw new OperationError(`${question} nobody can answer here: say so with --yes`);
  const given = await answer(`${question} [y/N] `, terminal);
  if (!/^y(es)?$/i.test(given)) throw new OperationError("nothing was changed");
}

export interface ConfirmNameProps extends Terminal {
  /** What must be typed. */
  readonly name: string;
  /** What the name is of. @default - the environment's name */
  readonly what?: string;
  /** What was typed on the command line. @default - it is asked for */
  readonly given?: string;
  /** The option that takes it there, such as `--delete-data`. */
  readonly option: string;
}

/**
 * Asks a question that only a name answers with yes: for what cannot be had back.
 *
 * @throws OperationError when another name is given, or nobody is there to type one
 */
export async function confirmName(question: string, props: ConfirmNameProps): Promise<void> {
  const { name, what = "the environment's name", given, option, input } = props;
  if (given === undefined && !input.isTTY) {
    throw new OperationError(
      `${question} nobody can answer here, and --yes does not: type ${what} with ${option}=${name}`,
    );
  }
  const typed = given ?? (await answer(`${question}\nType ${what}, ${name}, to go on: `, props));
  if (typed !== name) {
    throw new OperationError(
      `nothing was changed: expected ${what}, ${name}, found ${JSON.stringify(typed)}`,
    );
  }
}

/**
 * Asks for one line that nobody sees, or reads it from standard input where that is no terminal.
 *
 * @throws OperationError when Ctrl-C or Ctrl-D is the answer
 */
export async function askHidden(question: string, { input, output }: Terminal): Promise<string> {
  if (!input.isTTY) return (await text(input)).replace(/\r?\n$/, "");
  output.write(`${question} (not shown): `);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await answer("", { input, output: nowhere as WriteStream });
  } finally {
    output.write("\n");
  }
}

/**
 * Asks for a password that is to be, twice where nobody sees what is typed; or reads it from standard input.
 *
 * @throws OperationError when the two differ, or as {@link askHidden} does
 */
export async function askNewPassword(question: string, terminal: Terminal): Promise<string> {
  const password = await askHidden(question, terminal);
  if (!terminal.input.isTTY || password === (await askHidden("the same again", terminal))) return password;
  throw new OperationError("the two passwords differ: nothing was changed");
}

/**
 * Asks for one line on a terminal.
 *
 * @returns the line without spaces around it
 * @throws OperationError when Ctrl-C or Ctrl-D is the answer
 */
async function answer(question: string, { input, output }: Terminal): Promise<string> {
  const terminal = readline.createInterface({ input, output, terminal: true });
  // The terminal is read key by key here, so that Ctrl-C is no signal; the question alone would never come to an end.
  const closed = new Promise<never>((_, reject) => {
    terminal.once("close", () => reject(new OperationError("\nnothing was changed")));
  });
  closed.catch(() => undefined);
  // So does a terminal that was closed.
  input.on("error", () => terminal.close());
  try {
    return (await Promise.race([terminal.question(question), closed])).trim();
  } finally {
    terminal.close();
  }
}
