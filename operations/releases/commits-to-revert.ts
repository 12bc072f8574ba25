import type { DeployRecord } from "../cluster/deploy-record";
import { valuesNamesOf } from "../../applications/load-settings";
import type { Environment } from "../../settings/environment";
import * as path from "node:path";
import { releasesOf } from "../../applications/releases";
import { lockFile } from "../../settings/chart-lock";
import { localModules } from "../../settings/local-modules";
import { providerLockFile } from "../../settings/provider-lock-file";
import { git } from "../terminal/git";

/** What brought a revision into the cluster, as far as it is known. */
export interface CommitsToRevert {
  /** The commit that was checked out when the revision was deployed. @default - undefined without a record of it */
  readonly deployed?: { readonly commit: string; readonly who: string; readonly dirty: boolean };
  /** Commits that changed what the release is made of, the newest first, such as `1a2b3c4 Add a model`. */
  readonly commits: readonly string[];
}

/**
 * Finds the commits to revert so that the next deploy does not bring a revision back.
 *
 * With records of the bad revision and of the good one these are the commits between both; without them the last that
 * touched the release are a hint.
 *
 * @param context the repository, absolute, and the environment
 * @param good the revision that was gone back to
 */
export async function commitsToRevert(
  { root, environment }: { readonly root: string; readonly environment: Environment },
  release: string,
  { bad, good }: { readonly bad: number; readonly good: number },
  records: readonly DeployRecord[],
): Promise<CommitsToRevert> {
  const record = recordOf(records, release, bad);
  const before = recordOf(records, release, good);
  const known = record?.commit;
  const range = known && before?.commit ? [`${before.commit}..${known}`] : known ? ["-n3", known] : ["-n3"];
  return {
    ...(known && { deployed: { commit: known.slice(0, 10), who: record.who, dirty: record.dirty ?? false } }),
    commits: await log(root, [...range, "--", ...releaseSources(root, environment, release)]),
  };
}

/** The deploy that made a revision: the first one after which it was there. */
function recordOf(
  records: readonly DeployRecord[],
  release: string,
  revision: number,
): DeployRecord | undefined {
  return records
    .filter(({ releases }) => releases.some((one) => one.name === release && one.revision === revision))
    .at(-1);
}

/**
 * What a release is made of, as Git's pathspecs: its settings, and the program, which is every folder that is loaded when the
 * stacks are synthesized.
 */
export function releaseSources(root: string, environment: Environment, release: string): string[] {
  const modules = [...localModules(path.join(root, "main.ts"))].map((file) => path.relative(root, file));
  const program = [...new Set(modules.map((file) => file.split(path.sep)[0] ?? file))];
  const values = valuesNamesOf(environment, release).map((name) => `values/${name}.*`);
  const files = releasesOf(environment).find(({ name }) => name === release)?.application.files ?? [];
  const versions = [lockFile, providerLockFile, "package-lock.json"];
  return [...program, ...values, ...files, "environments", ...versions];
}

/** Empty where it is no Git repository, or one that does not have that commit. */
async function log(root: string, args: readonly string[]): Promise<string[]> {
  const { stdout } = await git(root, ["log", "--format=%h %s", ...args]);
  return stdout.split("\n").filter(Boolean).slice(0, 5);
}

/**
 * What to do in Git so that a rollback lasts, one line of at most 78 characters each, commits aside.
 *
 * @param madeBy the program that made the bad revision, where the API server says so
 */
export function revertAdvice({ deployed, commits }: CommitsToRevert, madeBy?: string): string[] {
  if (!deployed) {
    return [
      madeBy && !byTerraform(madeBy)
        ? `what was rolled back was made by hand (${madeBy}): no commit needs reverting,`
        : "no record says which commit what was rolled back came from:",
      madeBy && !byTerraform(madeBy)
        ? "unless one of these holds the same change"
        : "revert it, or the next deploy that touches the release brings it back",
      ...commits.map((commit) => `  ${commit}`),
    ];
  }
  const [newest] = commits;
  return [
    `what was rolled back came from commit ${deployed.commit},`,
    `deployed by ${deployed.who}${deployed.dirty ? ", with changes that were in no commit" : ""}`,
    ...(newest
      ? [
          "revert it, or the next deploy that touches the release brings it back:",
          ...commits.map(
            (commit) => `  git revert ${commit.split(" ")[0]}   # ${commit.replace(/^\S+ /, "")}`,
          ),
        ]
      : ["take that out, or the next deploy that touches the release brings it back"]),
  ];
}

/** The same in a sentence. */
export function revertSentence({ deployed, commits }: CommitsToRevert): string {
  if (!deployed) return "revert in Git what it was rolled back from; no record says which commit that is";
  const [newest] = commits;
  return newest
    ? `git revert ${commits.map((commit) => commit.split(" ")[0]).join(" ")} first`
    : `take out first what commit ${deployed.commit} was deployed with`;
}

/** Whether Terraform made a revision, in the words of the API server. */
export function byTerraform(manager: string): boolean {
  return /^terraform|^HashiCorp/i.test(manager);
}
