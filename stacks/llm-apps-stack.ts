import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { releasesOf } from "../applications/releases";
import { checkKeptReleases, releaseCheck } from "../applications/release-check";
import { secretsOfRelease } from "../applications/release-secrets";
import { releaseTimeout } from "../applications/release-timeout";
import { releaseUrl } from "../applications/release-url";
import { chartOf, releaseValues } from "../applications/release-values";
import { connectHelm, connectKubernetes } from "../constructs/cluster-connection";
import { revisionOf } from "../constructs/credentials-revision";
import { HelmApp } from "../constructs/helm-app";
import { setBackend } from "../constructs/state-backend";
import { requireTerraform } from "../constructs/terraform-version";
import type { Settings } from "../settings/settings";

/** The applications, one Helm release each, in the order in which they need each other. */
export class LlmAppsStack extends TerraformStack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { environment } = settings;
    const cluster = { root: settings.root, ...environment.cluster };
    requireTerraform(this);
    setBackend(this, { environment: environment.name, state: environment.state, cluster });
    connectKubernetes(this, cluster);
    connectHelm(this, cluster);

    checkKeptReleases(settings);
    const releases = releasesOf(environment);
    const deployed = new Map<string, HelmApp>();
    for (const release of releases) {
      const { name, namespace, application, needs } = release;
      const values = releaseValues(settings, release);
      const chart = chartOf(settings, release);
      deployed.set(
        name,
        new HelmApp(this, name, {
          chart,
          release: name,
          namespace,
          values,
          check: releaseCheck(settings, release),
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

    for (const release of releases) {
      const { url, description } = releaseUrl(release);
      new TerraformOutput(this, `${release.name.replaceAll("-", "_")}_url`, {
        value: url,
        ...(description && { description }),
      });
    }
  }
}
