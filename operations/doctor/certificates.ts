import type { ApplicationRelease } from "../../applications/application";
import { releasesOf } from "../../applications/releases";
import { kubectlCommand } from "../cluster/kubectl-command";
import type { Environment } from "../../settings/environment";
import { type Check, checkOf } from "./check";
import { type ClusterFacts, valueOf } from "./cluster-facts";

/** The certificates of the ingresses, or the issuers that are to make them. */
export function certificateChecks(facts: ClusterFacts, environment: Environment): Check[] {
  return releasesOf(environment).flatMap((release) => {
    const tls = release.own.ingress?.tls;
    return tls ? [certificateCheck(facts, environment, release, tls)] : [];
  });
}

function certificateCheck(
  { certificates, clusterIssuers, apiGroups, namespaces }: ClusterFacts,
  { name, cluster }: Environment,
  release: ApplicationRelease,
  tls: { readonly secretName: string; readonly clusterIssuer?: string },
): Check {
  const file = `environments/${name}.yaml`;
  const kubectl = kubectlCommand({ cluster });
  if (tls.clusterIssuer !== undefined) {
    const check = checkOf("exposure", "ClusterIssuer");
    const groups = valueOf(apiGroups);
    if (groups && !groups.includes("cert-manager.io")) {
      return check.failed(
        `${tls.clusterIssuer} is named, and the cluster has no cert-manager: nobody would make the certificate`,
        `install cert-manager (https://cert-manager.io/docs/installation/), or remove clusterIssuer from ${file} and make the Secret yourself`,
      );
    }
    if (!clusterIssuers || "refused" in clusterIssuers) {
      return check.notChecked(clusterIssuers?.refused ?? "cert-manager could not be asked");
    }
    if (clusterIssuers.value.includes(tls.clusterIssuer)) {
      return check.ok(`${tls.clusterIssuer} makes ${tls.secretName}`);
    }
    return check.failed(
      `${tls.clusterIssuer} is not there (there are: ${clusterIssuers.value.join(", ") || "none"})`,
      `make it, or correct applications.${release.name}.ingress.tls.clusterIssuer in ${file}`,
    );
  }
  const check = checkOf("exposure", "TLS Secret");
  const { namespace } = release;
  const secret = `${namespace}/${tls.secretName}`;
  const make = `${kubectl} --namespace ${namespace} create secret tls ${tls.secretName} --cert FILE --key FILE`;
  if (valueOf(namespaces)?.includes(namespace) === false) {
    return check.warning(`${secret}: its namespace comes with the first deploy`, `after it: ${make}`);
  }
  const certificate = certificates[secret];
  if (!certificate || "refused" in certificate) {
    return check.notChecked(certificate?.refused ?? `${secret} could not be read`);
  }
  if (!certificate.value) {
    return check.failed(`${secret} is not there, and ${file} names no clusterIssuer to make it`, make);
  }
  if (certificate.value.type === "kubernetes.io/tls") return check.ok(`${secret}, made by somebody else`);
  return check.failed(`${secret} is not of the type kubernetes.io/tls`, `delete it, then: ${make}`);
}
