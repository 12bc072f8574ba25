/** What was printed as one line, whatever the terminal's width made of it. */
export function unwrapped(output: string): string {
  return output.replace(/\s+/g, " ");
}

/** The lines that a terminal of 80 columns breaks. */
export function wideLines(output: string): string[] {
  return output.split("\n").filter((line) => line.length > 80);
}

/** The lines of a check that failed, with what fixes it, as verify and doctor print them. */
export function failedCheck(name: string): RegExp {
  return new RegExp(`^ {2}failed +${name}:.*\n(?: {6}.*\n?)*`, "m");
}
