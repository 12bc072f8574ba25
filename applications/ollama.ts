import type { Construct } from "constructs";
import type { ValuesCheck } from "../contracts/check-values";
import type { OllamaValues } from "../contracts/generated/ollama-values";
import type { Chart } from "../settings/chart-lock";
import type { Environment } from "../settings/environment";
import { releaseTimeout } from "../settings/release-timeouts";
import { type ApplicationValues, mergeValues, refuseDecidedKeys } from "../settings/values";
import type { YamlMap } from "../settings/yaml-file";
import { HelmApp } from "../constructs/helm-app";
import { ingressValues } from "../constructs/ingress-values";

/** Labels of the pods that the chart makes for a release called ollama. */
export const ollamaPods = { "app.kubernetes.io/name": "ollama", "app.kubernetes.io/instance": "ollama" };

/** Name of the claim that the models are on. */
export const modelsClaim = "models";

/** Name of the PriorityClass of the pods that hold a GPU. */
export const modelServerPriority = "llm-platform-model-server";

/** The port on which Ollama's API answers. */
export const ollamaPort = 11434;

export interface OllamaProps {
  readonly chart: Chart;
  readonly values: ApplicationValues;
  /** Refuses values that the chart does not know. */
  readonly check: ValuesCheck;
  readonly environment: Environment;
  /** Name of the PriorityClass of its pod. */
  readonly priorityClassName: string;
}

/**
 * Ollama, with the models, the GPU, the volume and the exposure that the environment decides.
 *
 * The models are on a claim that the foundation makes: neither a pod that restarts nor a release that is installed anew pulls
 * them again.
 *
 * @see https://github.com/otwld/ollama-helm
 */
export class Ollama extends HelmApp {
  constructor(scope: Construct, id: string, props: OllamaProps) {
    super(scope, id, {
      chart: props.chart,
      values: ollamaValues(props),
      check: props.check,
      timeoutSeconds: releaseTimeout("ollama"),
    });
  }
}

/** The values files and what the environment decides, merged. */
export function ollamaValues({
  values,
  environment,
  priorityClassName,
}: Pick<OllamaProps, "values" | "environment" | "priorityClassName">): YamlMap {
  const file = `environments/${environment.name}.yaml`;
  refuseDecidedKeys(values, {
    "ollama.models.pull": `models in ${file}`,
    "ollama.gpu": `gpu in ${file}`,
    runtimeClassName: `gpu.runtimeClass in ${file}`,
    persistentVolume: `storage.models and storage.className in ${file}`,
    ingress: `ingress.ollama in ${file}`,
    priorityClassName: "the foundation stack",
  });
  const { gpu, models, ingress } = environment;
  const decided: OllamaValues = {
    ollama: {
      gpu: gpu.count > 0 ? { enabled: true, type: gpu.type, number: gpu.count } : { enabled: false },
      models: { pull: [...models] },
    },
    ...(gpu.runtimeClass && { runtimeClassName: gpu.runtimeClass }),
    persistentVolume: {
      enabled: true,
      existingClaim: modelsClaim,
    },
    ingress: ingress.ollama
      ? ingressValues({ className: ingress.className, bodySize: "0", ...ingress.ollama })
      : { enabled: false },
    priorityClassName,
  };
  return mergeValues([values.values, decided]);
}
