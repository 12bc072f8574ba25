import * as fs from "node:fs";
import * as path from "node:path";
import { isMap, type YamlMap } from "../../settings/yaml-file";
import type { ApplicationRelease } from "../application";
import type { LibrechatSettings } from "./settings";

/** Without its comments: Terraform keeps values twice in the state. */
const script = fs.readFileSync(path.join(__dirname, "backup.sh"), "utf8").replace(/^ *#.*\n/gm, "");

/** Where its pods have the script and the claims. */
const directory = "/backup";

/** Name of the CronJob of a release. */
export function backupName(release: string): string {
  return `${release}-backup`;
}

/** Labels of the pods that make backups: neither a Service nor a policy takes them for LibreChat. */
export function backupLabels(release: string): { readonly [label: string]: string } {
  return { "app.kubernetes.io/name": "librechat-backup", "app.kubernetes.io/instance": release };
}

/**
 * What makes backups: a CronJob with MongoDB's image, which has MongoDB's own tools. Without a schedule it is suspended, and
 * there for its template alone: `npm run backup` and `npm run restore` make their pod of it.
 *
 * @param values of the files
 * @param secret what the first pods of the release read
 * @param webLabels of the pods that have the same claims: a volume is on one node
 */
export function backupObjects(
  { name, own }: ApplicationRelease<LibrechatSettings>,
  values: YamlMap,
  secret: { readonly name: string; readonly keys: object } | undefined,
  webLabels: { readonly [label: string]: string },
): readonly object[] {
  const objectName = backupName(name);
  const labels = backupLabels(name);
  const { schedule, keep } = own.backup ?? {};
  const key = "MONGO_URI";
  const given = Object.fromEntries(
    ["imagePullSecrets", "nodeSelector", "tolerations"].flatMap((field) =>
      Array.isArray(values[field]) || isMap(values[field]) ? [[field, values[field]]] : [],
    ),
  );
  const claims = ["uploads", "images", "backups"] as const;
  return [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: objectName, labels },
      data: { "backup.sh": script },
    },
    {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: objectName, labels },
      spec: {
        schedule: schedule ?? "0 3 * * *",
        suspend: schedule === undefined,
        concurrencyPolicy: "Forbid",
        // One that was missed longer than this waits for the next.
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 1,
        jobTemplate: {
          spec: {
            backoffLimit: 1,
            template: {
              metadata: { labels },
              spec: {
                ...given,
                restartPolicy: "Never",
                automountServiceAccountToken: false,
                affinity: {
                  podAffinity: {
                    preferredDuringSchedulingIgnoredDuringExecution: [
                      {
                        weight: 100,
                        podAffinityTerm: {
                          topologyKey: "kubernetes.io/hostname",
                          labelSelector: { matchLabels: { ...webLabels } },
                        },
                      },
                    ],
                  },
                },
                // As LibreChat itself, whose files it reads and writes.
                securityContext: values.podSecurityContext,
                containers: [
                  {
                    name: "backup",
                    image: '{{ include "mongodb.image" . }}',
                    imagePullPolicy: "{{ .Values.image.pullPolicy }}",
                    workingDir: directory,
                    command: ["bash", "program/backup.sh", "scheduled"],
                    env: [
                      {
                        name: key,
                        valueFrom:
                          secret && key in secret.keys
                            ? { secretKeyRef: { name: secret.name, key } }
                            : { configMapKeyRef: { name: `${name}-librechat-configenv`, key } },
                      },
                      { name: "RELEASE", value: name },
                      { name: "KEEP", value: String(keep ?? 1) },
                      { name: "HOME", value: "/tmp" },
                    ],
                    terminationMessagePolicy: "FallbackToLogsOnError",
                    securityContext: values.securityContext,
                    resources: {
                      requests: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "64Mi" },
                      limits: { memory: "512Mi", "ephemeral-storage": "256Mi" },
                    },
                    volumeMounts: [
                      { name: "program", mountPath: `${directory}/program`, readOnly: true },
                      ...claims.map((claim) => ({
                        name: claim,
                        mountPath: `${directory}/${claim}`,
                        ...(claim !== "backups" && own.subPaths[claim] && { subPath: own.subPaths[claim] }),
                      })),
                      { name: "tmp", mountPath: "/tmp" },
                    ],
                  },
                ],
                volumes: [
                  { name: "program", configMap: { name: objectName } },
                  ...claims.map((claim) => ({
                    name: claim,
                    persistentVolumeClaim: { claimName: claim },
                  })),
                  { name: "tmp", emptyDir: { sizeLimit: "128Mi" } },
                ],
              },
            },
          },
        },
      },
    },
  ];
}
