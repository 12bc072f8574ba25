import * as fs from "node:fs";
import * as path from "node:path";
import { diff } from "../diff/diff";
import { reviewOf, reviewText } from "../diff/review";
import { loadEnvironment } from "../../applications/load-environment";
import { withClusterAccess } from "./cluster-access";
import { jobReport } from "./job-report";
import type { Workflow } from "./workflow";

export interface PlanProps extends Workflow {
  /** Where the report is written for the job that publishes it. */
  readonly report: string;
  /** Where the plan is written that is reviewed. */
  readonly review: string;
}

/**
 * Reports what this working tree would change in the cluster of an environment.
 *
 * @throws OperationError when it cannot be found out, once the report says so
 */
export async function plan(props: PlanProps): Promise<void> {
  const { root, environment: name, report: file, review, variables } = props;
  await jobReport({ environment: name, file, variables }, () =>
    withClusterAccess(variables, `${name}-plan`, async (variables) => {
      const environment = loadEnvironment(root, name, variables);
      const report = await diff({ root, environment, variables });
      fs.mkdirSync(path.dirname(path.resolve(review)), { recursive: true });
      fs.writeFileSync(review, reviewText(reviewOf(report)));
      const { kubeconfig } = loadEnvironment(root, name).cluster;
      return { ...report, against: { context: environment.cluster.context, kubeconfig } };
    }),
  );
}
