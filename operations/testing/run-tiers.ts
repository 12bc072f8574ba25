import execa from "execa";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";
import { type JestResults, skippedTests } from "./skipped-tests";
import { availableTiers, missingNodeVersions, nodeTiers, type Tier, tiers } from "./tiers";

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
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
  const provide = patient && wanted.some((tier) => tier !== "unit" && tier !== "node");
  const { reasons: others, variables: found } = await availableTiers(root, variables, provide, print);
  const bring = patient && wanted.some((tier) => nodeTiers.includes(tier));
  const { missing, none } = await missingNodeVersions(variables, bring, print);
  const reasons = { ...others, ...(none && { node: missing.join("; ") }) };

  const total = { passed: 0, failed: 0, skipped: 0 };
  const report: string[] = [];
  let failed = false;
  for (const tier of tiers) {
    const reason = wanted.includes(tier) ? reasons[tier] : "not among TIERS";
    const started = Date.now();
    const { counts, skipped, ok } = await runTier(
      root,
      tier,
      { ...variables, ...found },
      args,
      reason === undefined,
    );
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    failed ||= !ok;
    if (reason === undefined) {
      report.push(
        `${tier}: ${counts.passed} passed, ${counts.failed} failed (${Math.round((Date.now() - started) / 1000)} s)`,
        ...skipped.map((line) => `  ${line}`),
        ...(nodeTiers.includes(tier) ? missing.map((line) => `  without ${line}`) : []),
      );
    } else {
      report.push(`${tier}: skipped, ${counts.skipped} tests: ${reason}`);
      failed ||= asked?.includes(tier) ?? false;
    }
  }
  print("");
  for (const line of report) print(line);
  // A suite that does not even load has failed without a failed test.
  if (failed && total.failed === 0) total.failed = 1;
  print(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
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
): Promise<{ counts: Counts; skipped: readonly string[]; ok: boolean }> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-test-"));
  const results = path.join(directory, "results.json");
  try {
    const { exitCode } = await execa(
      "node",
      [
        path.join(root, "node_modules", "jest", "bin", "jest.js"),
        ...["--selectProjects", tier, "--json", "--outputFile", results, "--passWithNoTests"],
        // The tiers with a cluster wait for it more than they compute, and each file has a cluster of its own of 600 MB.
        tier === "unit" ? "--maxWorkers=100%" : "--maxWorkers=2",
        ...(run ? args : ["--testNamePattern", "^no test is called this$", "--silent"]),
      ],
      {
        cwd: root,
        env: variables,
        extendEnv: false,
        reject: false,
        // jest prints the results as JSON on stdout, and everything for people on stderr.
        stdio: ["ignore", "ignore", run ? "inherit" : "ignore"],
      },
    );
    const found = JSON.parse(fs.readFileSync(results, "utf8")) as JestResults & {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
      numRuntimeErrorTestSuites: number;
    };
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = found;
    return {
      skipped: skippedTests(found),
      counts: { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests },
      // A snapshot of a test that is skipped looks obsolete, and jest fails for it; a file that cannot be read is a fault.
      ok: run ? exitCode === 0 : numRuntimeErrorTestSuites === 0,
    };
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}
