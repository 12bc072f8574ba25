import { printable } from "./printable";

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
