import { readRecords, recordsAt } from "../../cluster/deploy-records";
import { connect } from "../../cluster/kubeconfig";
import { rolledBackTo } from "../../helm/rolled-back-to";
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
    const to = deployed && rolledBackTo(deployed.description);
    return !deployed || to === undefined || report.objects.length === 0 ? [] : [{ report, deployed, to }];
  });
  if (found.length === 0) return [];
  const advice = await Promise.all(
    found.map(({ report, deployed, to }) => revert(context, report.name, badRevision(deployed), to)),
  );
  return found.map(({ report, deployed, to }, i) => {
    const { name, action } = report;
    const what =
      action === "none"
        ? "a deploy leaves it so until something else of the release changes, and then undoes it"
        : "this deploy undoes it";
    return {
      kind: "rolled-back",
      text: `release ${name} was rolled back to revision ${to} (as revision ${deployed.revision}): ${what}: ${advice[i]}`,
    };
  });
}

/** What was there before the rollback. */
function badRevision({ revision, revisions }: DeployedRelease): number {
  return Math.max(...revisions.map((one) => one.revision).filter((other) => other < revision), 0);
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
