/** As much of jest's results as says which tests were skipped. */
export interface JestResults {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

/**
 * Why tests of a tier that ran were skipped all the same: each reason once, with the number of tests. A test says it at the
 * end of its name: `(skipped: sops not on PATH)`.
 *
 * @see https://jestjs.io/docs/cli#--json
 */
export function skippedTests({ testResults }: JestResults): string[] {
  const counts = new Map<string, number>();
  for (const { title, status } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    const reason = status === "pending" ? /\(skipped: (.*)\)$/.exec(title)?.[1] : undefined;
    if (reason) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(
    ([reason, count]) => `${count} ${count === 1 ? "test" : "tests"} skipped: ${reason}`,
  );
}
