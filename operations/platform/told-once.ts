/** What is wrong in an environment, a line each. */
export interface EnvironmentFaults {
  readonly environment: string;
  readonly faults: readonly string[];
}

/**
 * What is wrong in some environments, each fault once: one of a file that they share names the environments only where it is not
 * in all of them. What stands in the file of an environment is a fault of that one.
 *
 * @returns a line each, where the last environment tells it: what to do about a fault comes after it
 */
export function toldOnce(found: readonly EnvironmentFaults[]): string[] {
  const told = new Map<string, string[]>();
  for (const { environment, faults } of found) {
    const file = `environments/${environment}.yaml`;
    for (const line of faults) {
      const shared = line.startsWith(file) ? line : line.replaceAll(file, anyFile);
      const among = [...(told.get(shared) ?? []), environment];
      told.delete(shared);
      told.set(shared, among);
    }
  }
  return [...told].map(([line, among]) => {
    const [first, ...others] = among;
    const names = others.length ? `{${among.join(",")}}` : first;
    return among.length === found.length ? line : line.replaceAll(anyFile, `environments/${names}.yaml`);
  });
}

const anyFile = "environments/NAME.yaml";
