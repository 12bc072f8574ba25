import { distance } from "fastest-levenshtein";

/**
 * The candidate whose spelling is nearest, or undefined where none is near enough to be what was meant.
 *
 * Near enough: at most a third of the letters differ, and at least one is allowed to.
 */
export function nearest(found: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(found.length / 3));
  return candidates
    .map((candidate) => ({ candidate, edits: distance(found.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) => a.edits - b.edits || a.candidate.localeCompare(b.candidate))[0]?.candidate;
}
