import { printable } from "../terminal/printable";
import { confirm } from "../terminal/confirm";

/** Where questions are put, and answered. */
export const streams = { input: process.stdin, output: process.stdout };

/** Writes a text for whoever started the command; what comes from a cluster may hold what a terminal obeys. */
export function write(
  text: string,
  stream: NodeJS.WritableStream = process.stdout,
  written?: () => void,
): void {
  stream.write(printable(text), written);
}

/** Writes one line for whoever started the command. */
export function print(line: string): void {
  write(`${line}\n`);
}

/** Asks a question that yes must be the answer to. @param yes it was given on the command line */
export function asking(yes: boolean | undefined): (question: string) => Promise<void> {
  return (question) => confirm(question, { yes, ...streams });
}
