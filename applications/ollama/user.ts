import type { V1Container } from "@kubernetes/client-node";
import type { OllamaValues } from "../../contracts/generated/ollama-values";
import { type ApplicationValues, appended } from "../../settings/values";
import { valueAt } from "../../settings/yaml-file";

/** Who Ollama is in its pod, and who owns the models: the image names nobody. */
export const ollamaUser = 1000;

/** Where the claim of the models is mounted: everything that it writes. */
export const home = "/var/lib/ollama";

/** The image of its pod, as the chart says it: whatever is looked at before it starts needs no other. */
export const image =
  '{{ .Values.image.repository }}:{{ .Values.image.tag | default (ternary (printf "%s-rocm" .Chart.AppVersion) .Chart.AppVersion (and .Values.ollama.gpu.enabled (eq (default "" .Values.ollama.gpu.type) "amd"))) }}';

export const hardened = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
};

/**
 * Who Ollama runs as, and what it may write: its models alone.
 *
 * As a user of its own it does not start before everything in the claim is its own. Provisioners of host paths ignore fsGroup, and
 * platforms from before have models of root.
 *
 * @param isRoot whether it runs as root, as the chart has it: it keeps the rights by which it writes what is another user's
 */
export function userValues({ values }: ApplicationValues, isRoot: boolean, subPath?: string): OllamaValues {
  const common: OllamaValues = {
    // Nothing in its pod talks to Kubernetes.
    ...(valueAt(values, ["serviceAccount", "create"]) !== false && { serviceAccount: { automount: false } }),
    extraEnv: appended(values.extraEnv, [
      { name: "HOME", value: home },
      { name: "OLLAMA_MODELS", value: `${home}/models` },
    ]),
  };
  const seccompProfile = { type: "RuntimeDefault" };
  if (isRoot) {
    return {
      ...common,
      podSecurityContext: { seccompProfile },
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
    };
  }
  return {
    ...common,
    podSecurityContext: {
      runAsNonRoot: true,
      runAsUser: ollamaUser,
      runAsGroup: ollamaUser,
      fsGroup: ollamaUser,
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile,
    },
    securityContext: hardened,
    initContainers: appended(values.initContainers, [ownerCheck(subPath)]),
  };
}

/** Ends well where everything in the claim can be written. A file system's own lost+found is root's for ever. */
function ownerCheck(subPath: string | undefined): V1Container {
  const script = [
    `found=$(find ${home} -name lost+found -prune -o ! -writable -print -quit)`,
    '[ -z "$found" ] && exit 0',
    `echo "$found is not user ${ollamaUser}'s: see Models belong to root in docs/operations.md" >&2`,
    "exit 1",
  ].join("\n");
  return {
    name: "models-are-its-own",
    image,
    command: ["/bin/sh", "-c", script],
    securityContext: hardened,
    volumeMounts: [{ name: "ollama-data", mountPath: home, ...(subPath && { subPath }) }],
    resources: {
      requests: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "128Mi" },
      limits: { memory: "128Mi", "ephemeral-storage": "1Gi" },
    },
  };
}
