import { kubectlCommand } from "../cluster/kubectl-command";
import type { Environment } from "../../settings/environment";
import { type Check, checkOf } from "./check";
import { type ClusterFacts, valueOf } from "./cluster-facts";

/** The namespace in which LibreChat's certificate is looked for. */
export const certificateNamespace = "librechat";

/** The certificate of LibreChat's ingress, or the issuer that is to make it. */
export function certificateChecks(
  { certificate, clusterIssuers, apiGroups, namespaces }: ClusterFacts,
  { name, ingress, cluster }: Environment,
): Check[] {
  const tls = ingress.librechat?.tls;
  if (!tls) return [];
  const file = `environments/${name}.yaml`;
  const kubectl = kubectlCommand({ cluster });
  if (tls.clusterIssuer !== undefined) {
    const check = checkOf("exposure", "ClusterIssuer");
    const groups = valueOf(apiGroups);
    if (groups && !groups.includes("cert-manager.io")) {
      return [
        check.failed(
          `${tls.clusterIssuer} is named, and the cluster has no cert-manager: nobody would make the certificate`,
          `install cert-manager (https://cert-manager.io/docs/installation/), or remove clusterIssuer from ${file} and make the Secret yourself`,
        ),
      ];
    }
    if (!clusterIssuers || "refused" in clusterIssuers) {
      return [check.notChecked(clusterIssuers?.refused ?? "cert-manager could not be asked")];
    }
    if (clusterIssuers.value.includes(tls.clusterIssuer)) {
      return [check.ok(`${tls.clusterIssuer} makes ${tls.secretName}`)];
    }
    return [
      check.failed(
        `${tls.clusterIssuer} is not there (there are: ${clusterIssuers.value.join(", ") || "none"})`,
        `make it, or correct ingress.librechat.tls.clusterIssuer in ${file}`,
      ),
    ];
  }
  const check = checkOf("exposure", "TLS Secret");
  const secret = `${certificateNamespace}/${tls.secretName}`;
  const make = `${kubectl} --namespace ${certificateNamespace} create secret tls ${tls.secretName} --cert FILE --key FILE`;
  if (valueOf(namespaces)?.includes(certificateNamespace) === false) {
    return [check.warning(`${secret}: its namespace comes with the first deploy`, `after it: ${make}`)];
  }
  if (!certificate || "refused" in certificate) {
    return [check.notChecked(certificate?.refused ?? `${secret} could not be read`)];
  }
  switch (certificate.value) {
    case "there":
      return [check.ok(`${secret}, made by somebody else`)];
    case "without a certificate":
      return [check.failed(`${secret} is not of the type kubernetes.io/tls`, `delete it, then: ${make}`)];
    case "missing":
      return [check.failed(`${secret} is not there, and ${file} names no clusterIssuer to make it`, make)];
  }
}
