import { stripVTControlCharacters } from "node:util";

/** What a terminal does not show but obeys, and what turns the direction of writing; line breaks and tabs are left. */

const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text as it may be shown: what a container has logged, or somebody has written into an object, may hold sequences that
 * clear a terminal, hide lines of a CI log, or break a word that is looked for.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/\r\n?/g, "\n").replace(controls, "");
}
