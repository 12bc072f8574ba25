import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { releasesOf } from "../applications/releases";
import { checkKeptReleases, releaseCheck } from "../applications/release-check";
import { secretsOfRelease } from "../applications/release-secrets";
import { releaseTimeout } from "../applications/release-timeout";
import { releaseUrl } from "../applications/release-url";
import { chartOf, findValues } from "../applications/release-values";
import { connectHelm, connectKubernetes } from "../constructs/cluster-connection";
import { revisionOf } from "../constructs/credentials-revision";
import { HelmApp } from "../constructs/helm-app";
import { setBackend } from "../constructs/state-backend";
import { requireTerraform } from "../constructs/terraform-version";
import type { Settings } from "../settings/settings";
import { faultsOf } from "../settings/settings-error";

/** The applications, one Helm release each, in the order in which they need each other. */
export class LlmAppsStack extends TerraformStack {
  /** What is wrong with the values of its releases: whoever builds it refuses them. */
  public readonly faults: readonly string[];

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { environment } = settings;
    const cluster = { root: settings.root, ...environment.cluster };
    requireTerraform(this);
    setBackend(this, { environment: environment.name, state: environment.state, cluster });
    connectKubernetes(this, cluster, environment.providers.kubernetes);
    connectHelm(this, cluster, environment.providers.helm);

    const releases = releasesOf(environment);
    const deployed = new Map<string, HelmApp>();
    const faults = faultsOf(() => checkKeptReleases(settings));
    for (const release of releases) {
      const { name, namespace, application, needs } = release;
      const { values, isComplete, faults: found } = findValues(settings, release);
      faults.push(...found);
      const chart = chartOf(settings, release);
      deployed.set(
        name,
        new HelmApp(this, name, {
          chart,
          release: name,
          namespace,
          values,
          check: (all) =>
            void faults.push(...faultsOf(() => releaseCheck(settings, release, isComplete)(all))),
          timeoutSeconds: releaseTimeout(environment, name),
          // The charts' checksums cover their ConfigMaps alone: a changed Secret restarts nothing.
          restartOn: secretsOfRelease(environment, release).flatMap((secret) => {
            const podAnnotations = application.podAnnotations(values)[secret.pods];
            return podAnnotations === undefined
              ? []
              : [{ revision: revisionOf(this, secret.id), podAnnotations }];
          }),
          dependsOn: needs.map((needed) => deployed.get(needed) as HelmApp),
        }),
      );
    }
    this.faults = faults;

    for (const release of releases) {
      const { url, description } = releaseUrl(release);
      new TerraformOutput(this, `${release.name.replaceAll("-", "_")}_url`, {
        value: url,
        ...(description && { description }),
      });
    }
  }
}
