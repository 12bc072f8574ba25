import { apiMessage } from "../cluster/api-error";
import { connect } from "../cluster/kubeconfig";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { collectionOf, liveObject, type ResourceKind } from "../cluster/resource-kinds";
import { findHelm, Helm } from "../helm/helm";
import { type KubernetesObject, title } from "../cluster/kubernetes-object";
import { OperationError } from "../errors/operation-error";
import { isAdded } from "../diff/field-differences";
import type { ObjectDrift } from "../diff/live-differences";
import { marked } from "../terminal/columns";
import { helmRollback } from "../releases/helm-rollback";
import { secretData } from "../../applications/release-secrets";
import type { Interruption } from "../terminal/interruption";
import { type SecretDrift, secretPath } from "./credentials-drift";
import { deployedCredentials } from "./deployed-credentials";
import { type DriftContext, findDrift, type ReleaseDrift } from "./find-drift";
import { foundation, onlyAdded } from "./foundation-drift";
import { type Fixed, fixFoundation, stoppedBefore } from "./fix-foundation";
import { patchBack } from "./patch-back";

/**
 * Puts back what drifted: revisions that were made by hand first, then each object. It is looked for anew, since somebody
 * may have changed something while a question was asked.
 */
export async function fixDrift(
  context: DriftContext,
  interruption: Interruption,
  say: (line: string) => void,
): Promise<readonly Fixed[]> {
  const fixed: Fixed[] = [];
  const attempt = async (what: string, work: () => Promise<string>): Promise<void> => {
    if (interruption.signal.aborted) return void fixed.push({ what, how: stoppedBefore, back: false });
    try {
      fixed.push({ what, how: await work(), back: true });
    } catch (error) {
      fixed.push({ what, how: apiMessage(error), back: false });
    }
  };
  let found = await interruption.orInterrupted(findDrift(context));
  for (const release of found.releases.filter(({ byHand }) => byHand.length > 0)) {
    const [{ name }] = release.revisions;
    say(`rolling ${name} back to revision ${release.lastByDeploy}, and waiting for its pods`);
    await attempt(`release ${name}`, () => rollBack(context, interruption, release));
  }
  // What a rollback has put back needs no second hand.
  if (fixed.some(({ back }) => back) && !interruption.signal.aborted) found = await findDrift(context);
  const api = new KubernetesApi(connect(context.root, context.environment));
  fixed.push(...(await fixFoundation(context, interruption, found)));
  for (const { deployed, deployedUntil } of found.foundation?.added ?? []) {
    // Terraform takes away what it sees of an object that it changes.
    const drift = onlyAdded(deployed, await liveObject(api, found.kinds, deployed), { deployedUntil });
    if (drift) await attempt(title(deployed), () => putBack(api, found.kinds, drift, foundation));
  }
  for (const drift of found.credentials) {
    await attempt(`Secret/${drift.secret.name}`, () => putCredentialsBack(context, api, drift));
  }
  for (const { objects, revisions } of found.releases) {
    for (const drift of objects) {
      await attempt(title(drift.deployed), () => putBack(api, found.kinds, drift, revisions[0].name));
    }
  }
  for (const { object } of found.report.unknown ?? []) {
    const how =
      "nobody here knows whether it is needed: take it away with kubectl, or name it in drift.expected";
    fixed.push({ what: object, how, back: false });
  }
  return fixed;
}

async function rollBack(
  { root, environment, variables, masker }: DriftContext,
  interruption: Interruption,
  { revisions, lastByDeploy }: ReleaseDrift,
): Promise<string> {
  const [{ name, namespace }] = revisions;
  if (lastByDeploy === undefined) {
    throw new OperationError(
      "no revision of a deploy is kept that it could be rolled back to: npm run deploy",
    );
  }
  await helmRollback({
    environment,
    helm: new Helm(findHelm(variables), variables, root, environment),
    connection: connect(root, environment),
    interruption,
    release: name,
    namespace,
    revision: lastByDeploy,
    mask: (text) => masker.text(text),
  });
  return `rolled back to revision ${lastByDeploy}`;
}

async function putBack(
  api: KubernetesApi,
  kinds: readonly ResourceKind[],
  { deployed, live, fields }: ObjectDrift,
  release: string,
): Promise<string> {
  const { apiVersion, kind, metadata } = deployed;
  const collection = collectionOf(kinds, deployed);
  if (!collection) throw new OperationError(`the API server has no ${kind} of ${apiVersion} any more`);
  if (live) {
    await api.patch(`${collection}/${metadata.name}`, patchBack(live, fields));
    const away = fields.filter(isAdded).length;
    return [
      ...counted(fields.length - away, "put back"),
      ...counted(away, "that somebody added taken away"),
    ].join(", ");
  }
  if (kind === "PersistentVolumeClaim") {
    throw new OperationError(
      "a new claim would be empty: bind one to the old volume, or make one with kubectl",
    );
  }
  await api.create(collection, ofRelease(deployed, release));
  return "made anew";
}

function counted(fields: number, what: string): string[] {
  return fields === 0 ? [] : [`${fields} ${fields === 1 ? "field" : "fields"} ${what}`];
}

/** An object as Helm makes it: with the label and annotations by which it knows its own. */
function ofRelease(object: KubernetesObject, release: string): KubernetesObject {
  const { namespace = "", labels, annotations } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...(labels as object), "app.kubernetes.io/managed-by": "Helm" },
      annotations: {
        ...(annotations as object),
        "meta.helm.sh/release-name": release,
        "meta.helm.sh/release-namespace": namespace,
      },
    },
  };
}

/** Nobody keeps what was deployed: it is put back only where the same credentials are here. */
async function putCredentialsBack(
  { root, environment, variables }: DriftContext,
  api: KubernetesApi,
  { secret, revision }: SecretDrift,
): Promise<string> {
  const values = await deployedCredentials(root, environment, variables, { [secret.id]: revision });
  if (!values) {
    throw new OperationError(
      "the credentials that were deployed are not here: npm run deploy brings those that are",
    );
  }
  const data = Object.fromEntries(
    Object.entries(secretData(secret, values)).map(([key, value]) => [
      key,
      Buffer.from(value).toString("base64"),
    ]),
  );
  await api.patch(secretPath(secret), [{ op: "add", path: "/data", value: data }]);
  return "the credentials of the deploy put back; pods that started since have read the others: restart them";
}

/** What was put back and what was not, for a terminal of 80 columns. */
export function fixText(fixed: readonly Fixed[]): string {
  const sentences = (back: boolean) =>
    fixed.filter((one) => one.back === back).map(({ what, how }) => `${what}: ${how}`);
  const [back, left] = [sentences(true), sentences(false)];
  return [
    ...(back.length ? ["put back", marked("+", back)] : []),
    ...(left.length ? ["left as it is", marked("!", left)] : []),
  ].join("\n");
}
