import type { V1Container, V1Deployment } from "@kubernetes/client-node";
import gte from "semver/functions/gte";
import { loadContract } from "../contracts/contract-file";
import type { LibrechatValues } from "../contracts/generated/librechat-values";
import { valuePlace, valueSource } from "../contracts/value-source";
import { pinnedChart } from "../settings/chart-lock";
import { SettingsError } from "../settings/settings-error";
import { type ApplicationValues, appended } from "../settings/values";
import { isMap, toYaml, valueAt, type YamlMap } from "../settings/yaml-file";
import { application, type ValuesContext } from "./application";
import { ingressOf } from "./ingress-of";
import { configFile, librechatFiles, offeredEndpoints } from "./librechat/config";
import { librechatConfigSchema } from "./librechat/config-schema";
import { backupLabels, backupName, backupObjects, clientImage } from "./librechat/backup";
import { librechatQuestions } from "./librechat/questions";
import { database, databaseUser, librechatCredentials } from "./librechat/credentials";
import { missingSchema } from "./librechat/schemas";
import { anywhere, decidedLogin, loginVariables, openidDefaults } from "./librechat/login";
import { librechatSettings, type LibrechatSettings } from "./librechat/settings";
import { uploadPaths } from "./librechat/upload-paths";
import { librechatUsers } from "./librechat/users";
import { librechatVisit } from "./librechat/visit";
import { ollamaReleases } from "./ollama";
import { releaseUrl } from "./release-url";

/** What it writes beside the claims, and what goes with the pod: its logs where LOG_TO_FILE is on, and of releases that do not know it. */
const scratchPaths = { tmp: "/tmp", logs: "/app/logs" } as const;

/**
 * LibreChat with its MongoDB and Meilisearch, reading its credentials from a Secret that exists.
 *
 * @see https://github.com/danny-avila/LibreChat/tree/main/helm/librechat
 */
export const librechat = application<LibrechatSettings>({
  name: "librechat",
  title: "LibreChat",
  component: "chat",
  settings: librechatSettings,
  moved: {
    librechat: "",
    "storage.images": "storage.images",
    "storage.uploads": "storage.uploads",
    "storage.database": "storage.database",
    "storage.search": "storage.search",
    "ingress.librechat": "ingress",
    "quotas.librechat": "quota",
  },
  timeoutSeconds: 900,
  needs: (own, releases) => own.ollama ?? ollamaReleases(releases).map(({ name }) => name),
  pods: {
    web: {
      labels: webLabels,
      port: 3080,
      portKeys: ["librechat.configEnv.PORT", "librechat.configEnv.HOST"],
    },
    mongodb: {
      labels: (release) => ({ "app.kubernetes.io/name": "mongodb", "app.kubernetes.io/instance": release }),
      port: 27017,
    },
    meilisearch: {
      labels: (release) => ({
        "app.kubernetes.io/name": "meilisearch",
        "app.kubernetes.io/instance": release,
      }),
      port: 7700,
      portKeys: ["environment.MEILI_HTTP_ADDR"],
    },
    redis: {
      labels: (release) => ({ "app.kubernetes.io/name": "redis", "app.kubernetes.io/instance": release }),
      port: 6379,
      portKeys: ["master.containerPorts.redis", "master.service.ports.redis"],
    },
    "librechat-rag-api": {
      labels: (release) => ({
        "app.kubernetes.io/name": `${release}-librechat-rag-api-rag`,
        "app.kubernetes.io/instance": release,
      }),
      port: 8000,
    },
    "librechat-rag-api.postgresql": {
      labels: (release) => ({
        "app.kubernetes.io/name": "postgresql",
        "app.kubernetes.io/instance": release,
      }),
      port: 5432,
      portKeys: ["primary.service.ports.postgresql"],
    },
    langfuseFanout: {
      labels: (release) => ({
        "app.kubernetes.io/name": `${release}-librechat-langfuse-fanout`,
        "app.kubernetes.io/instance": release,
      }),
      port: 4318,
      isFixed: true,
    },
  },
  clients: { backup: backupLabels },
  within: (values) => {
    const isAdded = (key: string): boolean => valueAt(values, [key, "enabled"]) === true;
    const added: [part: string, traffic: [string, string][]][] = [
      [
        "redis",
        [
          ["web", "redis"],
          ["redis", "redis"],
        ],
      ],
      [
        "librechat-rag-api",
        [
          ["web", "librechat-rag-api"],
          ["librechat-rag-api", "librechat-rag-api.postgresql"],
        ],
      ],
      [
        "langfuseFanout",
        [
          ["web", "langfuseFanout"],
          ...(isAdded("redis") ? [["langfuseFanout", "redis"] as [string, string]] : []),
        ],
      ],
    ];
    return [
      ["web", "mongodb"],
      ["web", "meilisearch"],
      ["backup", "mongodb"],
      ...added.flatMap(([part, traffic]) => (isAdded(part) ? traffic : [])),
    ];
  },
  service: (release) => `${release}-librechat`,
  // Its own configuration is checked by the schema of its version, which its chart does not bring.
  missingFor: missingSchema,
  // LibreChat itself went to another organization (LibreChat-AI/LibreChat) on 2026-09-24, and its chart did not.
  chartRepository: "oci://ghcr.io/danny-avila/librechat-chart",
  // https://github.com/danny-avila/LibreChat/pull/16175
  neededByChart: (version) =>
    gte(version, "2.0.14")
      ? "since 2.0.14 a pod does not start without the Secret of its credentials (optional: false): where somebody else fills it (credentials: { source: secret }), it must be there first: npm run secrets -- check"
      : undefined,
  questions: librechatQuestions,
  visit: librechatVisit,
  openidIssuer: ({ login: { openid } }) =>
    openid && { issuer: openid.issuer, setting: "login.openid.issuer" },
  users: librechatUsers,
  backup: ({ name, own }) => ({
    cronJob: backupName(name),
    isScheduled: own.backup !== undefined,
    recipients: own.backup?.recipients ?? [],
  }),
  images: ({ backup }) => ({ "backup.s3.image": backup?.s3 && clientImage(backup.s3) }),
  schemas: (root, charts) => ({
    "librechat-config": {
      title: "LibreChat's own configuration",
      schema: librechatConfigSchema(root, charts),
    },
  }),
  familiarKeys: {
    // Before the chart moved to LibreChat's repository its environment variables stood there.
    config: "librechat.configEnv",
    env: "librechat.configEnv",
    // Bitnami's charts name the Secret of the environment variables so.
    extraEnvVarsSecret: "global.librechat.existingSecretName",
    existingSecret: "global.librechat.existingSecretName",
    "librechat.existingSecretName": "global.librechat.existingSecretName",
    extraEnvVars: "global.librechat.env",
    // What `helm create` and Bitnami call the one volume of an application.
    "persistence.enabled": "librechat.imageVolume.enabled",
    "persistence.size": "librechat.imageVolume.size",
    "persistence.accessModes": "librechat.imageVolume.accessModes",
    "persistence.storageClass": "librechat.imageVolume.storageClassName",
    persistence: "librechat.imageVolume",
    // A master key is what switches Meilisearch's authentication on.
    "meilisearch.auth.enabled": "meilisearch.auth.existingMasterKeySecret",
  },
  // A policy knows addresses and no names: an issuer, and a bucket, may be anywhere.
  egress: ({ login: { openid }, backup }) => [
    ...(openid ? anywhere(openid.issuer) : []),
    ...(backup?.s3
      ? anywhere(backup.s3.endpoint ?? "https://s3").map((to) => ({ ...to, pods: "backup" }))
      : []),
  ],
  reminders: ({ mongodb, credentials, egress }) => {
    const given = Object.keys(credentials).filter((key) => credentials[key] === "given");
    return [
      ...(mongodb.authentication
        ? []
        : [
            'its MongoDB asks nobody for a password, and its NetworkPolicy alone protects it: see "The password of MongoDB" in docs/operations.md',
          ]),
      ...(given.length && !egress.length
        ? [
            `it has credentials of others (${given.join(", ")}), and its pods reach nobody outside: name whom they may by egress, such as egress: [{ cidr: 0.0.0.0/0 }] for every address on port 443`,
          ]
        : []),
    ];
  },
  stepBefore: (deployed, planned) =>
    asksForNoPassword(deployed) && asksForPassword(planned)
      ? 'its MongoDB was deployed without users, and takes none from its Secret by now: make them first, as "The password of MongoDB" in docs/operations.md says, or LibreChat does not reach it'
      : newData(deployed, planned),
  credentials: librechatCredentials,
  files: [configFile],
  variables: [
    ...["DOMAIN_CLIENT", "DOMAIN_SERVER", "SESSION_COOKIE_SECURE", "ENDPOINTS", "MEILI_HOST"],
    ...["ALLOW_REGISTRATION", "OPENID_ISSUER", "OPENID_CLIENT_ID"],
  ],
  formerSecret: "kubernetes_secret_v1.credentials_secret_E9FDEF67",
  podAnnotations: (values) => ({
    web: "podAnnotations",
    ...(isOn(values, "mongodb.enabled") && { mongodb: "mongodb.podAnnotations" }),
    ...(isOn(values, "meilisearch.enabled") && { meilisearch: "meilisearch.podAnnotations" }),
  }),
  decided: ({ settings: { environment }, release: { name, own: settings }, secrets: { web } }) => {
    const file = `environments/${environment.name}.yaml`;
    const own = `applications.${name}`;
    const storageClass = `storage.className in ${file}`;
    return {
      ingress: `${own}.ingress in ${file}`,
      "librechat.configYamlContent": configFile,
      "librechat.existingConfigYaml": configFile,
      "librechat.imageVolume": `${own}.storage.images and storage.className in ${file}`,
      [`initContainers.${databaseWait}`]: "the llm-apps stack",
      "mongodb.architecture": "the foundation stack, whose claim is for one MongoDB",
      "mongodb.replicaCount": "the foundation stack, whose claim is for one MongoDB",
      "meilisearch.replicaCount": "the foundation stack, whose claim is for one Meilisearch",
      ...claimKeys("mongodb.persistence", `${own}.storage.database in ${file}`, storageClass),
      ...claimKeys("meilisearch.persistence", `${own}.storage.search in ${file}`, storageClass),
      "global.librechat.existingSecretName": "the foundation stack",
      "meilisearch.auth.existingMasterKeySecret": "the foundation stack",
      ...(settings.subPaths.database && {
        "mongodb.persistence.subPath": `${own}.subPaths.database in ${file}`,
      }),
      ...(settings.mongodb.authentication && {
        "mongodb.auth": `${own}.mongodb.authentication in ${file}`,
        "mongodb.tls.enabled": "the address of MongoDB in the Secret, which is one without TLS",
      }),
      // One in the list goes before the others.
      ...Object.fromEntries(
        Object.entries({
          CONFIG_PATH: configFile,
          DOMAIN_CLIENT: `${own}.ingress in ${file}`,
          DOMAIN_SERVER: `${own}.ingress in ${file}`,
          SESSION_COOKIE_SECURE: `${own}.ingress.tls in ${file}`,
          ...decidedLogin(settings.login, own, file),
          ...Object.fromEntries(
            Object.keys(web?.keys ?? {}).map((key) => [key, `the Secret ${web?.name} (npm run secrets)`]),
          ),
        }).flatMap(([variable, where]) =>
          ["librechat.configEnv", "global.librechat.env"].map((key) => [`${key}.${variable}`, where]),
        ),
      ),
    };
  },
  values: (context) => {
    const { release, files, secrets } = context;
    const { features, mongodb, subPaths, uploadLimitMebibytes } = release.own;
    const { config, image } = librechatFiles(context);
    const { url } = releaseUrl(release);
    const uploads = ["images", "uploads"] as const;
    // Whoever mounts something of their own there has seen to it.
    const scratch = (["tmp", "logs"] as const).filter(
      (name) => !mountedPaths(files.values).includes(scratchPaths[name]),
    );
    if (mongodb.authentication && !isOn(files.values, "mongodb.enabled")) {
      const { root, environment } = context.settings;
      const source = valueSource(root, files.files, ["mongodb", "enabled"]);
      throw new SettingsError(
        `environments/${environment.name}.yaml: applications.${release.name}.mongodb.authentication: is for its own MongoDB, which ${source} switches off: remove it, and name the address of yours by credentials: { MONGO_URI: given }`,
      );
    }
    refuseTakenMounts(context.settings.root, files.files);
    const decided: LibrechatValues = {
      global: { librechat: { existingSecretName: secrets.web?.name } },
      librechat: {
        configEnv: {
          // Some versions of the chart have credentials of their own, which everybody can read: those of the Secret go first, but
          // nobody needs the others beside them.
          ...publishedCredentials(context, Object.keys(secrets.web?.keys ?? {})),
          DOMAIN_CLIENT: url,
          DOMAIN_SERVER: url,
          // Over plain http a browser drops a Secure cookie, and every reload logs the user out.
          ...(url.startsWith("http:") && { SESSION_COOKIE_SECURE: "false" }),
          ...loginVariables(release.own.login),
          ...Object.fromEntries(
            Object.entries(openidDefaults(release.own.login)).filter(
              ([variable]) => !isSet(files.values, `librechat.configEnv.${variable}`),
            ),
          ),
          ...(!isSet(files.values, "librechat.configEnv.ENDPOINTS") && {
            ENDPOINTS: offeredEndpoints(config, features.agents),
          }),
        },
        configYamlContent: toYaml(config),
        // The chart's own claim would go with the release; it has no key for another, so that its mount is made here.
        imageVolume: { enabled: false },
      },
      // Nothing in its pods talks to Kubernetes.
      ...(isOn(files.values, "serviceAccount.create") && { serviceAccount: { automount: false } }),
      volumes: appended<object>(files.values.volumes, [
        ...uploads.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
        ...scratch.map((name) => ({ name, emptyDir: { sizeLimit: "512Mi" } })),
      ]) as LibrechatValues["volumes"],
      volumeMounts: appended<object>(files.values.volumeMounts, [
        ...uploads.map((name) => ({
          name,
          mountPath: uploadPaths[name],
          ...(subPaths[name] && { subPath: subPaths[name] }),
        })),
        ...scratch.map((name) => ({ name, mountPath: scratchPaths[name] })),
      ]) as LibrechatValues["volumeMounts"],
      initContainers: { [databaseWait]: waitForDatabase(release.name, image, secrets.web?.name) },
      // A file of the largest size comes with some text around it.
      ingress: ingressOf(context, `${uploadLimitMebibytes + 1}m`),
      // What is switched off reads none of its values, and a value that nothing reads is refused.
      ...(isOn(files.values, "mongodb.enabled") && {
        mongodb: {
          extraDeploy: appended(valueAt(files.values, ["mongodb", "extraDeploy"]), [
            ...backupObjects(
              context.settings.environment.name,
              release,
              files.values,
              secrets,
              webLabels(release.name),
            ),
          ]),
          ...(isOn(files.values, "mongodb.persistence.enabled") && {
            persistence: {
              existingClaim: "database",
              ...(subPaths.database && { subPath: subPaths.database }),
            },
          }),
          ...(mongodb.authentication
            ? {
                auth: {
                  enabled: true,
                  existingSecret: secrets.mongodb?.name,
                  // Nobody reads it, but without one, or the Secret, which may come with the same deploy, the chart upgrades nothing.
                  rootPassword: "$(MONGODB_ROOT_PASSWORD)",
                  usernames: [databaseUser],
                  databases: [database],
                },
              }
            : !isSet(files.values, "mongodb.auth.enabled") && { auth: { enabled: false } }),
        },
      }),
      ...(isOn(files.values, "meilisearch.enabled") && {
        meilisearch: {
          auth: { existingMasterKeySecret: secrets.meilisearch?.name },
          // Its chart has no key for the token of an account of its own: LibreChat's has none.
          ...(isOn(files.values, "serviceAccount.create", "meilisearch.serviceAccount.create") && {
            serviceAccount: { create: false, name: accountOf(release.name, files.values) },
          }),
          ...(isOn(files.values, "meilisearch.persistence.enabled") && {
            persistence: { existingClaim: "search" },
          }),
        },
      }),
    };
    return { ...decided };
  },
});

function webLabels(release: string): { readonly [label: string]: string } {
  return { "app.kubernetes.io/name": `${release}-librechat`, "app.kubernetes.io/instance": release };
}

/** What the chart has for credentials of the Secret, taken away. */
function publishedCredentials(
  { settings: { root, charts } }: Pick<ValuesContext, "settings">,
  keys: readonly string[],
): { readonly [variable: string]: never } {
  const { name, version } = pinnedChart(charts, "librechat");
  const published = loadContract(root, name, version).keys["librechat.configEnv"]?.default;
  return Object.fromEntries(
    keys.filter((key) => isMap(published) && key in published).map((key) => [key, null as never]),
  );
}

/** Two mounts of one path are refused by the API server, and what is mounted there is decided here. */
function refuseTakenMounts(root: string, files: ApplicationValues["files"]): void {
  const taken: readonly unknown[] = ["/app/librechat.yaml", ...Object.values(uploadPaths)];
  const faults = files.flatMap((file) =>
    (Array.isArray(file.values.volumeMounts) ? file.values.volumeMounts : []).flatMap((mount, i) =>
      isMap(mount) && taken.includes(mount.mountPath)
        ? [
            `${valuePlace(root, file, ["volumeMounts", i, "mountPath"])}: found ${JSON.stringify(mount.mountPath)}, where the platform mounts what is its own: remove it`,
          ]
        : [],
    ),
  );
  if (faults.length) throw new SettingsError(faults.join("\n"));
}

function mountedPaths({ volumeMounts }: YamlMap): readonly unknown[] {
  return (Array.isArray(volumeMounts) ? volumeMounts : []).map((mount) => isMap(mount) && mount.mountPath);
}

/** The keys of a chart's own claim, which it does not make. */
function claimKeys(persistence: string, size: string, storageClass: string): { [key: string]: string } {
  const others = ["existingClaim", "accessMode", "accessModes", "annotations", "labels", "resourcePolicy"];
  return {
    [`${persistence}.size`]: size,
    [`${persistence}.storageClass`]: storageClass,
    ...Object.fromEntries(others.map((key) => [`${persistence}.${key}`, "the foundation stack"])),
  };
}

const databaseWait = "wait-for-mongodb";

/**
 * Ends when MongoDB answers: LibreChat itself gives up after 41 s, and would be restarted until the database is there. It asks
 * as LibreChat does, with the driver and the address that LibreChat has.
 */
function waitForDatabase(release: string, image: string, secret: string | undefined): V1Container {
  const script = [
    'const { MongoClient } = require("mongodb");',
    "const ask = async () => {",
    "  const client = await MongoClient.connect(process.env.MONGO_URI, { serverSelectionTimeoutMS: 3000 });",
    "  await client.db().command({ ping: 1 });",
    "  process.exit(0);",
    "};",
    "const again = (error) => {",
    '  console.log("waiting for MongoDB: " + error.message);',
    "  setTimeout(() => ask().catch(again), 2000);",
    "};",
    "ask().catch(again);",
  ].join("\n");
  // The chart writes its name.
  return {
    image,
    command: ["node", "-e", script],
    envFrom: [
      { configMapRef: { name: `${release}-librechat-configenv` } },
      { secretRef: { name: secret, optional: true } },
    ],
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    resources: {
      requests: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "128Mi" },
      limits: { cpu: "500m", memory: "256Mi", "ephemeral-storage": "1Gi" },
    },
  } as Omit<V1Container, "name"> as V1Container;
}

/** Whether an object runs MongoDB as Bitnami's image does without, and with, authentication. */
function asksForNoPassword(object: object): boolean {
  return emptyPasswordAllowed(object) === "yes";
}

function asksForPassword(object: object): boolean {
  return emptyPasswordAllowed(object) === "no";
}

function emptyPasswordAllowed({ spec }: V1Deployment): string | undefined {
  const containers = spec?.template?.spec?.containers ?? [];
  return containers.flatMap(({ env = [] }) => env).find(({ name }) => name === "ALLOW_EMPTY_PASSWORD")?.value;
}

const restorable =
  'save it with npm run backup, and give it an empty directory, as "Another version of MongoDB or Meilisearch" in docs/operations.md says';

/** What keeps data in a form of its version, by the name of its container: how many numbers of it say so, and what to do before. */
const databases: {
  readonly [container: string]: { readonly title: string; readonly numbers: number; readonly before: string };
} = {
  mongodb: { title: "MongoDB", numbers: 2, before: restorable },
  meilisearch: { title: "Meilisearch", numbers: 2, before: restorable },
  postgresql: {
    title: "PostgreSQL, which keeps the documents of the RAG API,",
    numbers: 1,
    before:
      "npm run backup saves nothing of it: dump it with pg_dumpall before, or have the documents uploaded again",
  },
};

/** That an object gets another version of a database, which need not read what the one before wrote. */
function newData(deployed: object, planned: object): string | undefined {
  const images = [deployed, planned].map(imagesOf);
  for (const [container, { title, numbers, before }] of Object.entries(databases)) {
    const [old, next] = images.map((of) => of[container]);
    if (!old || !next || old === next) continue;
    const [from, to] = [old, next].map((image) => versionOf(image, numbers));
    if (from !== undefined && from === to) continue;
    return `its ${title} goes from ${from ?? old} to ${to ?? next}, which need not read what the one before wrote: ${before}`;
  }
  return undefined;
}

function imagesOf({ spec }: V1Deployment): { readonly [container: string]: string | undefined } {
  const containers = spec?.template?.spec?.containers ?? [];
  return Object.fromEntries(containers.map(({ name, image }) => [name, image]));
}

/** The first numbers of the version in an image's tag, such as `8.0`; undefined where the tag says none. Of pgvector it is PostgreSQL's. */
function versionOf(image: string, numbers: number): string | undefined {
  const [, tag = ""] = /:([^/:]*)$/.exec(image.replace(/@.*/, "")) ?? [];
  const [, version] = /\bpg(\d+)/.exec(tag) ?? /^v?(\d+(\.\d+)*)/.exec(tag) ?? [];
  return version?.split(".").slice(0, numbers).join(".");
}

/** Name of the ServiceAccount that its chart makes. */
function accountOf(release: string, values: YamlMap): string {
  return String(valueAt(values, ["serviceAccount", "name"]) || `${release}-librechat`);
}

function isSet(values: YamlMap, key: string): boolean {
  return valueAt(values, key.split(".")) !== undefined;
}

/** Whether none of them is switched off. All are on by default. */
function isOn(values: YamlMap, ...keys: readonly string[]): boolean {
  return keys
    .map((key) => key.split("."))
    .every((names) => valueAt(values, names) !== false && valueAt(values, names.slice(0, -1)) !== null);
}
