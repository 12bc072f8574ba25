import { podSecurityOf } from "../../applications/pod-security";
import { releasesOf } from "../../applications/releases";
import { enforcedPodSecurity } from "../../settings/enforced-pod-security";
import type { Environment } from "../../settings/environment";
import { fieldAt } from "../cluster/kubernetes-object";
import type { PlannedResource } from "./resource-changes";

/** What root wrote in a claim, and who is to own it. */
export interface HandOver {
  readonly release: string;
  readonly namespace: string;
  readonly claim: string;
  /** Id of the user, and of its group. */
  readonly user: number;
}

/**
 * The claims that have to be handed over before a plan is applied: of namespaces that let root in, and will not any more.
 * Which it is the label of the namespace says, so that one that is closed has been through it.
 */
export function dueHandOvers(
  environment: Pick<Environment, "name" | "applications">,
  resources: readonly PlannedResource[],
): HandOver[] {
  const closing = resources
    .filter(({ type, before }) => type === "kubernetes_namespace_v1" && before)
    .filter(({ before, after }) => level(before) !== "restricted" && level(after) === "restricted")
    .map(({ after }) => fieldAt(after, "metadata", 0, "name"));
  return releasesOf(environment)
    .filter((release) => closing.includes(release.namespace) && podSecurityOf(release) === "restricted")
    .flatMap(({ name, namespace, application }) =>
      Object.entries(application.formerlyRoot ?? {}).map(([claim, user]) => ({
        ...{ release: name, namespace, claim, user },
      })),
    );
}

function level(namespace: PlannedResource["before"]): unknown {
  return fieldAt(namespace, "metadata", 0, "labels", enforcedPodSecurity);
}

/** What a reader must know of it, in a sentence. */
export function handOverSentence({ release, claim, user }: HandOver): string {
  return (
    `release ${release}: what is in the claim ${claim} may be root's, and its pods run as user ${user} from now on: npm run deploy ` +
    "stops it first and hands the claim over, by a Job that goes on where it was cut off; bare cdktf does not, and its pods would not start"
  );
}
