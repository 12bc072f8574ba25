import { PriorityClassV1 } from "@cdktf/provider-kubernetes/lib/priority-class-v1";
import { TerraformOutput, TerraformStack, Token } from "cdktf";
import type { Construct } from "constructs";
import { AppNamespace } from "../constructs/app-namespace";
import { connectKubernetes } from "../constructs/cluster-connection";
import { declareCredentialsRevision } from "../constructs/credentials-revision";
import { CredentialsSecret, forgetCredentialsSecret } from "../constructs/credentials-secret";
import { DataClaim } from "../constructs/data-claim";
import { keepData } from "../constructs/kept-data";
import { librechatClaims, librechatPods, librechatPorts } from "../applications/librechat";
import { modelServerPriority, modelsClaim, ollamaPods, ollamaPort } from "../applications/ollama";
import { platformLabels } from "../settings/platform-labels";
import { setBackend } from "../constructs/state-backend";
import { requireTerraform } from "../constructs/terraform-version";
import { credentials, credentialsRevision, credentialsSecretName } from "../settings/credentials";
import { secretNameOf } from "../settings/credentials-source";
import type { Settings } from "../settings/load-settings";

/** What the applications need before they come: namespaces, policies, rights and credentials. */
export class FoundationStack extends TerraformStack {
  constructor(scope: Construct, id: string, { root, environment }: Settings) {
    super(scope, id);
    const cluster = { root, ...environment.cluster };
    requireTerraform(this);
    setBackend(this, { environment: environment.name, state: environment.state, cluster });
    connectKubernetes(this, cluster);
    const { access, quotas, ingress, gpu, storage } = environment;
    if (storage.onDestroy === "keep") keepData(this, environment.name);

    const ollama = new AppNamespace(this, "ollama", {
      name: "ollama",
      environment: environment.name,
      component: "model-server",
      quota: quotas.ollama,
      gpus: { "nvidia.com/gpu": 0, "amd.com/gpu": 0, [`${gpu.type}.com/gpu`]: gpu.count },
      access,
    });
    const librechat = new AppNamespace(this, "librechat", {
      name: "librechat",
      environment: environment.name,
      component: "chat",
      quota: quotas.librechat,
      access,
    });

    // Each whether its application uses it or not: a volume that is switched off in the values must not lose its data.
    const { className } = storage;
    const inOllama = { name: "ollama", namespace: ollama.name, environment: environment.name, className };
    const inLibrechat = { ...inOllama, name: "librechat", namespace: librechat.name };
    new DataClaim(this, "ollama-models", {
      ...inOllama,
      claimName: modelsClaim,
      component: "models",
      size: storage.models,
      dependsOn: [ollama.quota],
    });
    for (const component of ["images", "uploads", "database", "search"] as const) {
      new DataClaim(this, `librechat-${component}`, {
        ...inLibrechat,
        claimName: librechatClaims[component],
        component,
        size: storage[component],
        dependsOn: [librechat.quota],
      });
    }

    const web = { namespace: librechat.name, labels: librechatPods.web };
    const controller = { namespace: ingress.controllerNamespace };
    ollama.allow("librechat-to-ollama", { to: ollamaPods, port: ollamaPort, from: web });
    if (ingress.ollama) {
      ollama.allow("ingress-to-ollama", { to: ollamaPods, port: ollamaPort, from: controller });
    }
    librechat.allow("librechat-to-mongodb", {
      to: librechatPods.database,
      port: librechatPorts.database,
      from: web,
    });
    librechat.allow("librechat-to-meilisearch", {
      to: librechatPods.search,
      port: librechatPorts.search,
      from: web,
    });
    if (ingress.librechat) {
      librechat.allow("ingress-to-librechat", {
        to: librechatPods.web,
        port: librechatPorts.web,
        from: controller,
      });
    }

    new PriorityClassV1(this, "model-server", {
      metadata: {
        name: modelServerPriority,
        labels: platformLabels({ name: "ollama", environment: environment.name, component: "model-server" }),
      },
      description: "pods that hold a GPU: placed before others, but nobody is evicted for them",
      value: 1000,
      preemptionPolicy: "Never",
    });

    const secretName = secretNameOf(environment.credentials);
    if (environment.credentials.source !== "secret") {
      new CredentialsSecret(this, "credentials", {
        secretName,
        namespace: librechat.name,
        name: "librechat",
        environment: environment.name,
        component: "credentials",
        credentials,
        revision: declareCredentialsRevision(this, credentialsRevision),
        dependsOn: [librechat.resource],
      });
    } else if (secretName === credentialsSecretName) {
      // Whoever fills it from now on may do so already: it must not be deleted under them.
      forgetCredentialsSecret(this);
    }

    new TerraformOutput(this, "namespaces", { value: Token.asAny([ollama.name, librechat.name]) });
    new TerraformOutput(this, "credentials_secret", { value: `${librechat.name}/${secretName}` });
  }
}
