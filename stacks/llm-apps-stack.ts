import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { connectHelm, connectKubernetes } from "../constructs/cluster-connection";
import { declareCredentialsRevision } from "../constructs/credentials-revision";
import { Librechat, librechatUrl } from "../applications/librechat";
import { librechatFiles } from "../applications/librechat/config";
import { modelServerPriority, Ollama, ollamaPort } from "../applications/ollama";
import { applicationCheck } from "../contracts/application-check";
import { setBackend } from "../constructs/state-backend";
import { requireTerraform } from "../constructs/terraform-version";
import { pinnedChart } from "../settings/chart-lock";
import { credentialsRevision } from "../settings/credentials";
import { secretNameOf } from "../settings/credentials-source";
import type { Settings } from "../settings/load-settings";

/** The applications, one Helm release each, in the order in which they need each other. */
export class LlmAppsStack extends TerraformStack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { environment, charts } = settings;
    const cluster = { root: settings.root, ...environment.cluster };
    requireTerraform(this);
    setBackend(this, { environment: environment.name, state: environment.state, cluster });
    connectKubernetes(this, cluster);
    connectHelm(this, cluster);

    const ollama = new Ollama(this, "ollama", {
      chart: pinnedChart(charts, "ollama"),
      values: settings.values("ollama"),
      check: applicationCheck(settings, "ollama"),
      environment,
      priorityClassName: modelServerPriority,
    });
    new Librechat(this, "librechat", {
      chart: pinnedChart(charts, "librechat"),
      values: settings.values("librechat"),
      check: applicationCheck(settings, "librechat"),
      ...librechatFiles(settings),
      environment,
      credentialsSecretName: secretNameOf(environment.credentials),
      credentialsRevision: declareCredentialsRevision(this, credentialsRevision),
      dependsOn: [ollama],
    });

    const { ollama: exposed } = environment.ingress;
    new TerraformOutput(this, "librechat_url", { value: librechatUrl(environment) });
    new TerraformOutput(this, "ollama_url", {
      value: exposed ? `http://${exposed.host}` : `http://ollama.ollama.svc.cluster.local:${ollamaPort}`,
      description: exposed ? "from the allowed source ranges" : "inside the cluster alone",
    });
  }
}
