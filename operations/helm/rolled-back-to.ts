/** The revision that a rollback went to, from Helm's description; undefined of what no rollback made. */
export function rolledBackTo(description: string): number | undefined {
  const [, revision] = /^Rollback to (\d+)$/.exec(description) ?? [];
  return revision === undefined ? undefined : Number(revision);
}
