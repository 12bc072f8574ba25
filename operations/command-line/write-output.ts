import * as fs from "node:fs";
import { OperationError } from "../errors/operation-error";
import { printable } from "../terminal/printable";

/**
 * Writes what an option of a command asks for.
 *
 * @throws OperationError where the file cannot be written, such as one in a folder that is not there
 */
export function writeOutput(file: string, text: string): void {
  try {
    fs.writeFileSync(file, printable(text));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new OperationError(`${file}: cannot be written (${code ?? (error as Error).message})`);
  }
}
