import { printable } from "../terminal/printable";

/** A message of the cluster without line breaks, cut where it would fill the screen. */
export function oneLine(text: string): string {
  const line = printable(text).replace(/\s+/g, " ").trim();
  return line.length > 400 ? `${line.slice(0, 399)}…` : line;
}
