import { PriorityClassV1 } from "@cdktf/provider-kubernetes/lib/priority-class-v1";
import { TerraformOutput, TerraformStack, Token } from "cdktf";
import type { Construct } from "constructs";
import { AppNamespace } from "../constructs/app-namespace";
import { connectKubernetes } from "../constructs/cluster-connection";
import { revisionOf } from "../constructs/credentials-revision";
import {
  CredentialsSecret,
  declareCredential,
  forgetCredentialsSecret,
} from "../constructs/credentials-secret";
import { DataClaim } from "../constructs/data-claim";
import { keepData } from "../constructs/kept-data";
import { allowedTraffic, outgoingTraffic } from "../applications/allowed-traffic";
import { type ApplicationRelease, modelServerPriority } from "../applications/application";
import { podSecurityOf } from "../applications/pod-security";
import { credentialsOf, secretsOf } from "../applications/credentials";
import { secretData } from "../applications/release-secrets";
import { keptReleasesOf, releasesOf } from "../applications/releases";
import { platformLabels } from "../settings/platform-labels";
import { setBackend } from "../constructs/state-backend";
import { requireTerraform } from "../constructs/terraform-version";
import type { Settings } from "../settings/settings";
import { faultsOf } from "../settings/settings-error";
import type { YamlMap } from "../settings/yaml-file";

/** What the applications need before they come: namespaces, policies, rights and credentials. */
export class FoundationStack extends TerraformStack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { root, environment } = settings;
    const cluster = { root, ...environment.cluster };
    requireTerraform(this);
    setBackend(this, { environment: environment.name, state: environment.state, cluster });
    connectKubernetes(this, cluster, environment.providers.kubernetes);
    const { access, ingress, storage } = environment;
    if (storage.onDestroy === "keep") keepData(this, environment.name);

    const releases = releasesOf(environment);
    const withData = [...releases, ...keptReleasesOf(environment)];
    const gpusOf = ({ application, own }: ApplicationRelease) => application.gpus?.(own) ?? {};
    // Of any kind: a namespace may ask for none unless its application does.
    const noGpus = Object.fromEntries(
      ["nvidia.com/gpu", "amd.com/gpu", ...withData.flatMap((one) => Object.keys(gpusOf(one)))].map(
        (resource) => [resource, 0],
      ),
    );
    const namespaces = new Map(
      withData.map((release) => [
        release.name,
        // By its namespace, and not by its release: whatever that is called, the data is the same.
        new AppNamespace(this, constructId(release.namespace), {
          name: release.namespace,
          release: release.name,
          environment: environment.name,
          component: release.application.component,
          quota: release.own.quota,
          gpus: { ...noGpus, ...gpusOf(release) },
          podSecurity: podSecurityOf(release),
          deviceClaim: release.application.deviceClaim?.(release.own),
          access,
        }),
      ]),
    );
    const namespaceOf = (release: string): AppNamespace => namespaces.get(release) as AppNamespace;
    // States of before have it by the name of the release, unless that is another one's namespace today.
    const formerOf = ({ name }: ApplicationRelease): string | undefined =>
      withData.some(({ namespace }) => namespace === name) ? undefined : name;

    for (const release of withData) {
      const { name, own } = release;
      const namespace = namespaceOf(name);
      const former = formerOf(release);
      for (const [claimName, size] of Object.entries(own.storage)) {
        new DataClaim(this, `${constructId(namespace.name)}-${claimName}`, {
          name,
          namespace: namespace.name,
          environment: environment.name,
          className: storage.className,
          claimName,
          component: claimName,
          size,
          ...(former && { former: `${former}-${claimName}` }),
          dependsOn: [...namespace.guards],
        });
      }
    }

    const traffic = releases.flatMap((release) => {
      let values: YamlMap = {};
      // What is wrong with the files is said where they are held against their chart.
      faultsOf(() => ({ values } = settings.values(release.name)));
      return allowedTraffic(release, releases, ingress.controllerNamespace, values);
    });
    for (const allowed of traffic) namespaceOf(allowed.release).allow(allowed.policy, allowed);
    for (const release of releases) {
      for (const out of outgoingTraffic(release, traffic)) namespaceOf(release.name).letOut(out.policy, out);
    }
    for (const release of withData) {
      const former = formerOf(release);
      if (former) namespaceOf(release.name).moveFrom(former);
    }

    const [onGpu] = releases.filter(({ application }) => application.gpus);
    if (onGpu) {
      new PriorityClassV1(this, "model-server", {
        metadata: {
          name: modelServerPriority,
          labels: platformLabels({
            name: onGpu.name,
            environment: environment.name,
            component: onGpu.application.component,
          }),
        },
        description: "pods that hold a GPU: placed before others, but nobody is evicted for them",
        value: 1000,
        preemptionPolicy: "Never",
      });
    }

    const secrets = secretsOf(environment);
    const made = environment.credentials.source !== "secret";
    const values = Object.fromEntries(
      (made ? credentialsOf(environment) : []).map((credential) => [
        credential.variable,
        declareCredential(this, credential).stringValue,
      ]),
    );
    for (const secret of secrets) {
      const namespace = namespaceOf(secret.release);
      const id = `credentials_${secret.id}`;
      const { formerSecret, name, pods } = releases.find((one) => one.name === secret.release)!.application;
      const former =
        secret.namespace === name && secret.pods === Object.keys(pods)[0] ? formerSecret : undefined;
      if (made) {
        new CredentialsSecret(this, id, {
          secretName: secret.name,
          namespace: namespace.name,
          name: secret.release,
          environment: environment.name,
          component: "credentials",
          data: secretData(secret, values),
          revision: revisionOf(this, secret.id),
          former,
          dependsOn: [namespace.resource],
        });
      } else if (secret.isOurName) {
        // Whoever fills it from now on may do so already: it must not be deleted under them.
        forgetCredentialsSecret(this, id, former);
      }
    }

    new TerraformOutput(this, "namespaces", {
      value: Token.asAny(withData.map(({ namespace }) => namespace)),
    });
  }
}

/** A name of Terraform begins with a letter, and a namespace may begin with a digit. */
function constructId(namespace: string): string {
  return namespace.replace(/^(?=\d)/, "n");
}
