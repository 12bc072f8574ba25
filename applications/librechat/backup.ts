import * as fs from "node:fs";
import * as path from "node:path";
import { timeZone } from "../../settings/schedule";
import { isMap, type YamlMap } from "../../settings/yaml-file";
import type { ApplicationCredential, ApplicationRelease, ValuesContext } from "../application";
import type { LibrechatSettings } from "./settings";

/** A script without its comments: Terraform keeps values twice in the state. */
const script = (file: string): string =>
  fs.readFileSync(path.join(__dirname, file), "utf8").replace(/^ *(#|\/\/).*\n/gm, "");

/** What takes backups to a bucket. Its image has a program that needs no other file but the certificates, and cp. */
const client = {
  repository: "docker.io/rclone/rclone",
  // renovate: datasource=docker depName=rclone/rclone
  version: "1.76.0",
};
const clientDirectory = "/client";

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
 * there for its template alone: `npm run backup` and `npm run restore` make their pod of it. Where they go to a bucket, it brings
 * rclone along.
 *
 * @param environment its name
 * @param values of the files
 * @param secrets of the release, by the pods that read them
 * @param webLabels of the pods that have the same claims: a volume is on one node
 */
export function backupObjects(
  environment: string,
  { name, own }: ApplicationRelease<LibrechatSettings>,
  values: YamlMap,
  secrets: ValuesContext["secrets"],
  webLabels: { readonly [label: string]: string },
): readonly object[] {
  const objectName = backupName(name);
  const labels = backupLabels(name);
  const { schedule, keep, s3, recipients = [] } = own.backup ?? {};
  const variable = (key: string, value: string | undefined) =>
    value === undefined ? [] : [{ name: key, value }];
  /** From the Secret of some pods, or, where it is no credential of theirs, from LibreChat's own variables. */
  const credential = (pods: string, key: string): object => {
    const secret = secrets[pods];
    const from =
      secret && key in secret.keys
        ? { secretKeyRef: { name: secret.name, key } }
        : { configMapKeyRef: { name: `${name}-librechat-configenv`, key } };
    return { name: key, valueFrom: from };
  };
  const target = s3 ? "backup-to-s3" : own.storage.backups ? "backup-to-claim" : undefined;
  const program = {
    "backup.sh": script("backup.sh"),
    ...(target && { "target.sh": script(`${target}.sh`) }),
    ...(recipients.length && { "encrypt.cjs": script("backup-encrypt.cjs") }),
  };
  const given = Object.fromEntries(
    ["imagePullSecrets", "nodeSelector", "tolerations"].flatMap((field) =>
      Array.isArray(values[field]) || isMap(values[field]) ? [[field, values[field]]] : [],
    ),
  );
  const claims = ["uploads", "images", ...(target === "backup-to-claim" ? ["backups"] : [])];
  return [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: objectName, labels },
      data: program,
    },
    {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: objectName, labels },
      spec: {
        schedule: schedule ?? "0 3 * * *",
        timeZone,
        suspend: schedule === undefined,
        concurrencyPolicy: "Forbid",
        // One that was missed longer than this waits for the next.
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 1,
        jobTemplate: {
          spec: {
            backoffLimit: 1,
            // One that hangs would keep every later one from being made.
            activeDeadlineSeconds: 12 * 3600,
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
                ...(s3 && { initContainers: [bringClient(s3, values)] }),
                containers: [
                  {
                    name: "backup",
                    image: '{{ include "mongodb.image" . }}',
                    imagePullPolicy: "{{ .Values.image.pullPolicy }}",
                    workingDir: directory,
                    command: ["bash", "program/backup.sh", "scheduled"],
                    env: [
                      credential("web", "MONGO_URI"),
                      { name: "RELEASE", value: name },
                      { name: "KEEP", value: String(keep ?? 1) },
                      ...variable("RECIPIENTS", recipients.join(" ") || undefined),
                      { name: "HOME", value: "/tmp" },
                      ...(s3
                        ? [
                            ...bucketCredentials.map(({ variable }) => credential("backup", variable)),
                            {
                              name: "BUCKET",
                              value: `${s3.bucket}/${s3.prefix ?? `${environment}/${name}`}`,
                            },
                            { name: "RCLONE_S3_PROVIDER", value: s3.endpoint ? "Other" : "AWS" },
                            ...variable("RCLONE_S3_ENDPOINT", s3.endpoint),
                            { name: "RCLONE_S3_REGION", value: s3.region },
                            { name: "RCLONE_S3_NO_CHECK_BUCKET", value: "true" },
                            // A bucket takes 10000 parts of one object, and each is in memory.
                            { name: "RCLONE_S3_CHUNK_SIZE", value: "32Mi" },
                            { name: "RCLONE_S3_UPLOAD_CONCURRENCY", value: "2" },
                            {
                              name: "SSL_CERT_FILE",
                              value: `${directory}${clientDirectory}/ca-certificates.crt`,
                            },
                          ]
                        : []),
                    ],
                    terminationMessagePolicy: "FallbackToLogsOnError",
                    securityContext: values.securityContext,
                    resources: {
                      requests: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "64Mi" },
                      limits: {
                        // What encrypts takes 200Mi.
                        memory: recipients.length ? "768Mi" : "512Mi",
                        "ephemeral-storage": s3 ? "512Mi" : "256Mi",
                      },
                    },
                    volumeMounts: [
                      { name: "program", mountPath: `${directory}/program`, readOnly: true },
                      ...claims.map((claim) => ({
                        name: claim,
                        mountPath: `${directory}/${claim}`,
                        ...(isMounted(claim) && own.subPaths[claim] && { subPath: own.subPaths[claim] }),
                      })),
                      ...(s3
                        ? [{ name: "client", mountPath: `${directory}${clientDirectory}`, readOnly: true }]
                        : []),
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
                  ...(s3 ? [{ name: "client", emptyDir: { sizeLimit: "256Mi" } }] : []),
                ],
              },
            },
          },
        },
      },
    },
  ];
}

function isMounted(claim: string): claim is "uploads" | "images" {
  return claim !== "backups";
}

type Bucket = NonNullable<NonNullable<LibrechatSettings["backup"]>["s3"]>;

/** The image of what takes backups to a bucket. */
export function clientImage({ image }: Bucket): string {
  return image ?? `${client.repository}:${client.version}`;
}

/** Brings rclone along, which MongoDB's image has not, and the certificates by which it knows servers. */
function bringClient(bucket: Bucket, values: YamlMap): object {
  return {
    name: "client",
    image: clientImage(bucket),
    imagePullPolicy: "{{ .Values.image.pullPolicy }}",
    command: ["cp", "/usr/local/bin/rclone", "/etc/ssl/certs/ca-certificates.crt", clientDirectory],
    securityContext: values.securityContext,
    resources: {
      requests: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "64Mi" },
      limits: { memory: "128Mi", "ephemeral-storage": "512Mi" },
    },
    volumeMounts: [{ name: "client", mountPath: clientDirectory }],
  };
}

/** Credentials of the bucket, and the variables by which rclone reads them. @see https://rclone.org/s3/ */
export const bucketCredentials: readonly (Pick<ApplicationCredential, "key"> & {
  readonly variable: string;
})[] = [
  { key: "BACKUP_S3_ACCESS_KEY_ID", variable: "RCLONE_S3_ACCESS_KEY_ID" },
  { key: "BACKUP_S3_SECRET_ACCESS_KEY", variable: "RCLONE_S3_SECRET_ACCESS_KEY" },
];
