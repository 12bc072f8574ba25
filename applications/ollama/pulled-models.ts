import * as fs from "node:fs";
import * as path from "node:path";
import { resumableAnnotation } from "../../settings/resumable-hook";
import { isMap, type YamlMap } from "../../settings/yaml-file";
import type { ApplicationRelease } from "../application";
import { isFrom, type OllamaSettings, pulledNames } from "./settings";
import { hardened, image } from "./user";

/** Without its comments: Terraform keeps values twice in the state. */
const script = fs.readFileSync(path.join(__dirname, "models.sh"), "utf8").replace(/^ *#.*\n/gm, "");

/** Labels of the pod that pulls models: the Service and the policies of the server must not take it for one. */
export function pullerLabels(release: string): { readonly [label: string]: string } {
  return { "app.kubernetes.io/name": "ollama-models", "app.kubernetes.io/instance": release };
}

/**
 * What has the server pull its models: a Job that Helm starts once the server runs, and waits for. Server and models are ready
 * together that way, and a server that restarts answers with what it has.
 *
 * What the Job is to do stands in a ConfigMap: hooks are no part of what Helm compares, and it is.
 *
 * @param values of the files
 * @see https://helm.sh/docs/topics/charts_hooks/
 */
export function pulledModels(
  { name, own }: ApplicationRelease<OllamaSettings>,
  values: YamlMap,
): readonly object[] {
  const { models, embeddings, modelfiles, insecureRegistries } = own;
  const all = [...models, ...embeddings];
  const pulled = pulledNames(own);
  const made = all.filter((model) => model in modelfiles);
  const isInsecure = (model: string): boolean => isFrom(model, insecureRegistries);
  const lines = (names: readonly string[]): string => names.map((one) => `${one}\n`).join("");
  const labels = pullerLabels(name);
  const objectName = '{{ include "ollama.fullname" . }}-models';
  const given = Object.fromEntries(
    ["imagePullSecrets", "nodeSelector", "tolerations"].flatMap((key) =>
      Array.isArray(values[key]) || isMap(values[key]) ? [[key, values[key]]] : [],
    ),
  );
  return [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: objectName, labels },
      data: Object.fromEntries(
        Object.entries({
          "models.sh": script,
          pull: lines(pulled.filter((model) => !isInsecure(model))),
          insecure: lines(pulled.filter(isInsecure)),
          // Names of models are none of files.
          make: lines(made.map((model, i) => `${i}.modelfile ${model}`)),
          ...Object.fromEntries(made.map((model, i) => [`${i}.modelfile`, modelfiles[model] ?? ""])),
        }).map(([key, text]) => [key, asIs(text)]),
      ),
    },
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name: objectName,
        labels,
        annotations: {
          "helm.sh/hook": "post-install,post-upgrade,post-rollback",
          // One that failed stays, to be looked at, until the next takes its place.
          "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded",
          [resumableAnnotation]: "true",
        },
      },
      spec: {
        backoffLimit: 3,
        // What was evicted or drained goes on elsewhere; what the script gives up is given up.
        podFailurePolicy: {
          rules: [
            { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] },
            { action: "FailJob", onExitCodes: { operator: "In", values: [1] } },
          ],
        },
        template: {
          metadata: { labels },
          spec: {
            ...given,
            restartPolicy: "Never",
            automountServiceAccountToken: false,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 65532,
              seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [
              {
                name: "models",
                image,
                imagePullPolicy: "{{ .Values.image.pullPolicy }}",
                command: ["bash", "/models/models.sh"],
                args: ['{{ include "ollama.fullname" . }}:{{ .Values.service.port }}'],
                env: [{ name: "HOME", value: "/tmp" }],
                terminationMessagePolicy: "FallbackToLogsOnError",
                securityContext: hardened,
                resources: {
                  requests: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "64Mi" },
                  limits: { memory: "256Mi", "ephemeral-storage": "256Mi" },
                },
                volumeMounts: [
                  { name: "models", mountPath: "/models", readOnly: true },
                  { name: "tmp", mountPath: "/tmp" },
                ],
              },
            ],
            volumes: [
              { name: "models", configMap: { name: objectName } },
              { name: "tmp", emptyDir: {} },
            ],
          },
        },
      },
    },
  ];
}

/** A text that the chart, which takes its extra objects for templates, leaves as it is. */
function asIs(text: string): string {
  return text.replaceAll("{{", "{{ `{{` }}");
}
