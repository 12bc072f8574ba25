const width = 80;
/** The widest of the results, and a gap. */
const indent = 15;

/** A result and what is said of it: one line, or as many as 80 columns ask for. */
export function resultLines(result: string, text: string): string[] {
  const lines: string[] = [];
  let line = `  ${result.padEnd(indent - 2)}`;
  for (const word of text.split(/\s+/)) {
    if (line.length > indent && line.length + 1 + word.length > width) {
      lines.push(line);
      line = " ".repeat(indent);
    }
    line += `${line.length > indent ? " " : ""}${word}`;
  }
  return [...lines, line];
}

/** What to do about it, below. A command is never broken: it is there to be copied. */
export function fixLines(fix = ""): string[] {
  const lines = fix.split("\n").filter(Boolean);
  return lines.map((line) => `${" ".repeat(indent)}→ ${line}`);
}
