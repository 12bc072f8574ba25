import type { OllamaValues } from "../contracts/generated/ollama-values";
import { application, type ApplicationRelease, modelServerPriority } from "./application";
import { appended } from "../settings/values";
import { ingressOf } from "./ingress-of";
import { chartGpu, gpuTitle, gpuValues, refuseGpuValues } from "./ollama/gpu";
import { pulledModels, pullerLabels } from "./ollama/pulled-models";
import { registries } from "./ollama/registries";
import { ollamaQuestions } from "./ollama/questions";
import { home, ollamaUser, userValues } from "./ollama/user";
import { ollamaSettings, type OllamaSettings, pulledNames } from "./ollama/settings";

/** The port on which Ollama's API answers. */
const port = 11434;

/** What Ollama reads each setting from. @see https://github.com/ollama/ollama/blob/main/envconfig/config.go */
const variables = {
  contextLength: "OLLAMA_CONTEXT_LENGTH",
  parallelRequests: "OLLAMA_NUM_PARALLEL",
  keepLoaded: "OLLAMA_KEEP_ALIVE",
} as const;

/**
 * Ollama, with the models, the GPU, the volume and the exposure that the environment decides.
 *
 * The models are on a claim that the foundation makes: neither a pod that restarts nor a release that is installed anew pulls
 * them again. It has no authentication: whoever reaches it can pull and delete models.
 *
 * @see https://github.com/otwld/ollama-helm
 */
export const ollama = application<OllamaSettings>({
  name: "ollama",
  component: "model-server",
  settings: ollamaSettings,
  moved: {
    models: "models",
    gpu: "gpu",
    "storage.models": "storage.models",
    "ingress.ollama": "ingress",
    "quotas.ollama": "quota",
  },
  renamed: { "exemptions.open-ollama": "exemptions.open-release" },
  variables: ["HOME", "OLLAMA_HOST", "OLLAMA_MODELS", "PATH", ...Object.values(variables)],
  // It is ready only when it has every model.
  timeoutSeconds: 1800,
  pods: {
    api: { port, portKeys: ["ollama.port"] },
  },
  clients: { models: pullerLabels },
  within: () => [["models", "api"]],
  // Its authors leave https://otwld.github.io/ollama-helm, says its README.
  chartRepository: "https://helm.otwld.com",
  formerlyRoot: { models: ollamaUser },
  egress: (own) => registries(pulledNames(own)),
  gpus: ({ gpu }) => (gpu.resource === undefined ? {} : { [gpu.resource]: gpu.count }),
  deviceClaim: ({ gpu: { deviceClass, claimTemplate: template, count } }) =>
    deviceClass || template ? { deviceClass, template, count } : undefined,
  runtimeClass: ({ gpu }) => gpu.runtimeClass,
  models: ({ models, embeddings }) => [...models, ...embeddings],
  questions: ollamaQuestions,
  familiarKeys: {
    // Bitnami's and other charts' name for the volume.
    "persistence.enabled": "persistentVolume.enabled",
    "persistence.size": "persistentVolume.size",
    "persistence.storageClass": "persistentVolume.storageClass",
    persistence: "persistentVolume",
    env: "extraEnv",
    extraEnvVars: "extraEnv",
  },
  overview: ({ models, embeddings, gpu }) => [
    `models: ${[...models, ...embeddings].join(", ")}`,
    `gpu: ${gpuTitle(gpu)}`,
  ],
  decided: ({ settings: { environment }, release: { name } }) => {
    const file = `environments/${environment.name}.yaml`;
    const own = `applications.${name}`;
    return {
      "ollama.models": `${own}.models in ${file}`,
      "ollama.insecure": `${own}.insecureRegistries in ${file}`,
      "ollama.mountPath": "the llm-apps stack, by what Ollama may write",
      ...Object.fromEntries(
        ["extraEnv.HOME", "extraEnv.OLLAMA_MODELS", "podSecurityContext", "securityContext"].map((key) => [
          key,
          `the llm-apps stack, by ${own}.podSecurityBaseline in ${file}`,
        ]),
      ),
      "ollama.gpu": `${own}.gpu in ${file}`,
      runtimeClassName: `${own}.gpu.runtimeClass in ${file}`,
      persistentVolume: `${own}.storage.models and storage.className in ${file}`,
      ingress: `${own}.ingress in ${file}`,
      priorityClassName: "the foundation stack",
      "extraEnv.OLLAMA_HOST": "the port by which policies and addresses know it",
      ...Object.fromEntries(
        Object.entries(variables).map(([key, variable]) => [
          `extraEnv.${variable}`,
          `${own}.${key} in ${file}`,
        ]),
      ),
    };
  },
  values: (context) => {
    const { files, secrets, settings, release } = context;
    const { gpu, subPaths, podSecurityBaseline } = release.own;
    const where = `applications.${release.name}.gpu in environments/${settings.environment.name}.yaml`;
    refuseGpuValues(settings.root, files, gpu, where);
    const ofGpu = gpuValues(gpu, files.values);
    const ofUser = userValues(files, podSecurityBaseline !== undefined, subPaths.models);
    const environment = Object.entries(variables).flatMap(([key, variable]) => {
      const value = release.own[key as keyof typeof variables];
      return value === undefined ? [] : [{ name: variable, value: String(value) }];
    });
    const decided: OllamaValues = {
      ...ofGpu,
      ...ofUser,
      ollama: { gpu: chartGpu(gpu), mountPath: home },
      extraObjects: appended(files.values.extraObjects, [
        ...pulledModels(release, { ...files.values, ...ofGpu }),
      ]),
      ...(environment.length > 0 && {
        extraEnv: appended(ofUser.extraEnv ?? files.values.extraEnv, environment),
      }),
      persistentVolume: {
        enabled: true,
        existingClaim: "models",
        ...(subPaths.models && { subPath: subPaths.models }),
      },
      ingress: ingressOf(context, "0"),
      priorityClassName: modelServerPriority,
      ...(secrets.api && {
        extraEnvFrom: appended(files.values.extraEnvFrom, [{ secretRef: { name: secrets.api.name } }]),
      }),
    };
    return { ...decided };
  },
});

/** The releases that are Ollama, with their own settings. */
export function ollamaReleases(
  releases: readonly ApplicationRelease[],
): readonly ApplicationRelease<OllamaSettings>[] {
  return releases.filter(
    ({ application: of }) => of === ollama,
  ) as unknown as ApplicationRelease<OllamaSettings>[];
}
