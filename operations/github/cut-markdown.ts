const note = "_The rest is left out here; the summary of the run has all of it._";

/**
 * A report cut to a length: its folded parts go first, from the last one on, then lines.
 *
 * @param limit in characters
 */
export function cutMarkdown(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const room = limit - note.length - 2;
  let rest = text;
  while (rest.length > room && rest.includes("<details>")) {
    rest = rest.slice(0, rest.lastIndexOf("<details>")).trimEnd();
  }
  const lines = rest.length > room ? rest.slice(0, rest.lastIndexOf("\n", room)) : rest;
  return `${lines.slice(0, room)}\n\n${note}`;
}

/** Texts that have room together: those that are longer than their share are cut. */
export function cutTogether(texts: readonly string[], limit: number): string[] {
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  if (total <= limit) return [...texts];
  const share = Math.floor(limit / texts.length);
  return texts.map((text) => cutMarkdown(text, share));
}
