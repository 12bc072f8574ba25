import damerauLevenshtein from "damerau-levenshtein";

/** How many letters of two names are wrong, left out, too many, or at each other's place, whatever their case. */
export function misspelling(found: string, meant: string): number {
  return damerauLevenshtein(found.toLowerCase(), meant.toLowerCase()).steps;
}

/**
 * The candidate whose spelling is nearest, or undefined where none is near enough to be what was meant.
 *
 * Near enough: at most a third of the letters differ, and at least one is allowed to.
 */
export function nearest(found: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(found.length / 3));
  return candidates
    .map((candidate) => ({ candidate, edits: misspelling(found, candidate) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) => a.edits - b.edits || a.candidate.localeCompare(b.candidate))[0]?.candidate;
}
