import type { ReadStream, WriteStream } from "node:tty";
import { OperationError } from "../errors/operation-error";
import { answer } from "./answer";

export interface ConfirmNameProps {
  /** What must be typed. */
  readonly name: string;
  /** What the name is of. @default - the environment's name */
  readonly what?: string;
  /** What was typed on the command line. @default - it is asked for */
  readonly given?: string;
  /** The option that takes it there, such as `--delete-data`. */
  readonly option: string;
  readonly input: ReadStream;
  readonly output: WriteStream;
}

/**
 * Asks a question that only a name answers with yes: for what cannot be had back.
 *
 * @throws OperationError when another name is given, or nobody is there to type one
 */
export async function confirmName(question: string, props: ConfirmNameProps): Promise<void> {
  const { name, what = "the environment's name", given, option, input, output } = props;
  if (given === undefined && !input.isTTY) {
    throw new OperationError(
      `${question} nobody can answer here, and --yes does not: type ${what} with ${option}=${name}`,
    );
  }
  const typed = given ?? (await answer(`${question}\nType ${what}, ${name}, to go on: `, { input, output }));
  if (typed !== name) {
    throw new OperationError(
      `nothing was changed: expected ${what}, ${name}, found ${JSON.stringify(typed)}`,
    );
  }
}
