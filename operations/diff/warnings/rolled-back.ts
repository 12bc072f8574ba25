import { readRecords, recordsAt } from "../../cluster/deploy-records";
import { connect } from "../../cluster/kubeconfig";
import { commitsToRevert, revertSentence } from "../../releases/commits-to-revert";
import type { Environment } from "../../../settings/environment";
import type { DeployedRelease } from "../deployed-release";
import type { ReleaseReport } from "../report";
import type { Warning } from "./warning";

/**
 * Releases that somebody rolled back, and that this configuration would bring back to what they were rolled back from.
 *
 * @param reports with what is deployed of each
 */
export async function rolledBackReleases(
  reports: readonly { readonly report: ReleaseReport; readonly deployed?: DeployedRelease }[],
  context: { readonly root: string; readonly environment: Environment },
): Promise<Warning[]> {
  const found = reports.flatMap(({ report, deployed }) => {
    const to = deployed?.last.rolledBackTo;
    return !deployed || to === undefined || report.objects.length === 0 ? [] : [{ report, deployed, to }];
  });
  return Promise.all(
    found.map(async ({ report, deployed: { last, revisions }, to }): Promise<Warning> => {
      const { name, action } = report;
      const what =
        action === "none"
          ? "a deploy leaves it so until something else of the release changes, and then undoes it"
          : "this deploy undoes it";
      // What was there before the rollback.
      const bad = revisions.find(({ revision }) => revision < last.revision)?.revision ?? 0;
      return {
        kind: "rolled-back",
        text: `release ${name} was rolled back to revision ${to} (as revision ${last.revision}): ${what}: ${await revert(context, name, bad, to)}`,
      };
    }),
  );
}

async function revert(
  { root, environment }: { readonly root: string; readonly environment: Environment },
  release: string,
  bad: number,
  good: number,
): Promise<string> {
  const records = await readRecords(recordsAt(connect(root, environment), environment)).catch(() => []);
  return revertSentence(await commitsToRevert({ root, environment }, release, { bad, good }, records));
}
