import type { KubernetesObject } from "../../../../operations/cluster/kubernetes-object";
import type { ReleaseReport } from "../../../../operations/diff/report";

/** A Deployment with one container; what a test is about is given. */
export function deployment({
  image = "ollama/ollama:1",
  gpus,
  resource = "nvidia.com/gpu",
  strategy = "RollingUpdate",
  replicas = 1,
  labels = { app: "ollama" },
}: {
  image?: string;
  gpus?: number | string;
  resource?: string;
  strategy?: string;
  replicas?: number;
  labels?: { [label: string]: string };
} = {}): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "ollama", namespace: "ollama" },
    spec: {
      replicas,
      strategy: { type: strategy },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "ollama",
              image,
              ...(gpus !== undefined && { resources: { limits: { [resource]: gpus } } }),
            },
          ],
        },
      },
    },
  };
}

/** An object of any kind. */
export function object(
  kind: string,
  fields: { [field: string]: unknown } = {},
  name = "sample",
): KubernetesObject {
  const { metadata, ...rest } = fields;
  return {
    apiVersion: "v1",
    kind,
    metadata: { name, namespace: "librechat", ...(metadata as object) },
    ...rest,
  };
}

/** A release of Ollama of which another chart is deployed; what a test is about is given. */
export function upgraded(more: Partial<ReleaseReport> = {}): ReleaseReport {
  return {
    name: "ollama",
    namespace: "ollama",
    chart: "ollama",
    versions: { old: "1.42.0", new: "1.77.0" },
    revision: 3,
    action: "change",
    objects: [],
    live: [],
    ...more,
  };
}
