import execa from "execa";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";
import { availableTiers, nodeTiers, type Tier, tiers } from "./tiers";

/** What jest writes about a run, as far as it is read here. */
interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    /** Of the file. */
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

/**
 * Runs every tier of the tests that this machine can run, and says at its end why it could not run the others, nor tests of
 * those that it ran.
 *
 * `TIERS` names those to run (`unit,cluster`); a named tier that cannot run is a failure. `all` names every tier.
 *
 * @param args passed on to jest, such as `-t "a name"`
 * @returns the exit code
 */
export async function runTiers(
  root: string,
  variables: NodeJS.ProcessEnv,
  args: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  const asked = askedTiers(variables.TIERS);
  const wanted = asked ?? tiers;
  const patient = asked !== undefined || Boolean(variables.CI);
  const available = await availableTiers(root, variables, wanted, patient, print);

  let [passed, failed, skipped] = [0, 0, 0];
  const report: string[] = [];
  for (const tier of tiers) {
    const reason = wanted.includes(tier) ? available.reasons[tier] : "not among TIERS";
    const started = Date.now();
    const environment = { ...variables, ...available.variables };
    const { results, ok } = await runTier(root, tier, environment, args, reason === undefined);
    passed += results.numPassedTests;
    skipped += results.numPendingTests;
    // A suite that does not even load has failed without a failed test, and so has a named tier that cannot run.
    const bad = !ok || (reason !== undefined && asked?.includes(tier));
    failed += results.numFailedTests || Number(bad);
    if (reason === undefined) {
      report.push(
        `${tier}: ${results.numPassedTests} passed, ${results.numFailedTests} failed (${Math.round((Date.now() - started) / 1000)} s)`,
        ...failedTests(results).map((line) => `  ${line}`),
        ...skippedTests(results).map((line) => `  ${line}`),
        ...(nodeTiers.includes(tier) ? available.missing.map((line) => `  without ${line}`) : []),
      );
    } else report.push(`${tier}: skipped, ${results.numPendingTests} tests: ${reason}`);
  }
  for (const line of ["", ...report]) print(line);
  print(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed ? 1 : 0;
}

function askedTiers(text: string | undefined): readonly Tier[] | undefined {
  if (!text) return undefined;
  if (text === "all") return tiers;
  return text.split(/[\s,]+/).map((name) => {
    const tier = tiers.find((known) => known === name);
    if (tier) return tier;
    throw new OperationError(`TIERS: found "${name}" (allowed: all, ${tiers.join(", ")})`);
  });
}

/** Runs a tier, or, to count them, skips its tests one by one: no test and no hook of theirs is executed. */
async function runTier(
  root: string,
  tier: Tier,
  variables: NodeJS.ProcessEnv,
  args: readonly string[],
  run: boolean,
): Promise<{ results: Results; ok: boolean }> {
  const { exitCode, stdout } = await execa(
    "node",
    [
      path.join(root, "node_modules", "jest", "bin", "jest.js"),
      ...["--selectProjects", tier, "--json", "--passWithNoTests"],
      // The tiers with a cluster wait for it more than they compute, and each file has a cluster of its own of 600 MB.
      tier === "unit" ? "--maxWorkers=100%" : "--maxWorkers=2",
      ...(run ? args : ["--testNamePattern", "^no test is called this$", "--silent"]),
    ],
    {
      cwd: root,
      env: variables,
      extendEnv: false,
      reject: false,
      maxBuffer: 512 * 1024 * 1024,
      // jest prints the results as JSON on stdout, and everything for people on stderr.
      stdio: ["ignore", "pipe", run ? "inherit" : "ignore"],
    },
  );
  const results = resultsOf(tier, stdout);
  // A snapshot of a test that is skipped looks obsolete, and jest fails for it; a file that cannot be read is a fault.
  return { results, ok: run ? exitCode === 0 : results.numRuntimeErrorTestSuites === 0 };
}

/** @throws OperationError where jest said nothing, such as when it could not start */
export function resultsOf(tier: string, stdout: string): Results {
  try {
    return JSON.parse(stdout) as Results;
  } catch {
    throw new OperationError(
      `jest ended without results of the ${tier} tests: see what it says with npx jest --selectProjects ${tier}`,
    );
  }
}

/** The tests that failed, named once more at the end: a log is often kept in part. A file that did not load is one. */
export function failedTests({ testResults }: Pick<Results, "testResults">): string[] {
  return testResults.flatMap(({ name, status, assertionResults }) => {
    const titles = assertionResults
      .filter((test) => test.status === "failed")
      .map(({ title }) => `: ${title}`);
    const file = name.slice(name.lastIndexOf("__tests__"));
    return status === "failed"
      ? (titles.length ? titles : [""]).map((title) => `failed: ${file}${title}`)
      : [];
  });
}

/**
 * Why tests of a tier that ran were skipped all the same: each reason once, with the number of tests. A test says it at the
 * end of its name: `(skipped: sops not on PATH)`.
 *
 * @see https://jestjs.io/docs/cli#--json
 */
export function skippedTests({ testResults }: Pick<Results, "testResults">): string[] {
  const counts = new Map<string, number>();
  for (const { title, status } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    const reason = status === "pending" ? /\(skipped: (.*)\)$/.exec(title)?.[1] : undefined;
    if (reason) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(
    ([reason, count]) => `${count} ${count === 1 ? "test" : "tests"} skipped: ${reason}`,
  );
}
