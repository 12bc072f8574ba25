import type { V1Container } from "@kubernetes/client-node";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { ValuesCheck } from "../contracts/check-values";
import type { LibrechatValues } from "../contracts/generated/librechat-values";
import type { Chart } from "../settings/chart-lock";
import { credentials } from "../settings/credentials";
import type { Environment } from "../settings/environment";
import { releaseTimeout } from "../settings/release-timeouts";
import { type ApplicationValues, mergeValues, refuseDecidedKeys } from "../settings/values";
import { toYaml, type YamlMap } from "../settings/yaml-file";
import type { CredentialsRevision } from "../constructs/credentials-revision";
import { HelmApp } from "../constructs/helm-app";
import { ingressValues } from "../constructs/ingress-values";

/** Labels of the pods that the chart makes for a release called librechat. */
export const librechatPods = {
  web: { "app.kubernetes.io/name": "librechat-librechat", "app.kubernetes.io/instance": "librechat" },
  database: { "app.kubernetes.io/name": "mongodb", "app.kubernetes.io/instance": "librechat" },
  search: { "app.kubernetes.io/name": "meilisearch", "app.kubernetes.io/instance": "librechat" },
};

/** Names of the claims that its data is on: images, documents, MongoDB's and Meilisearch's. */
export const librechatClaims = {
  images: "images",
  uploads: "uploads",
  database: "database",
  search: "search",
};

/**
 * Where LibreChat keeps what users upload. What is below the first it serves to whoever knows the address, so that the second
 * is a claim of its own.
 */
const uploadPaths = { images: "/app/client/public/images", uploads: "/app/uploads" } as const;

/** The ports on which LibreChat, its MongoDB and its Meilisearch answer. */
export const librechatPorts = { web: 3080, database: 27017, search: 7700 };

export interface LibrechatProps {
  readonly chart: Chart;
  readonly values: ApplicationValues;
  /** Refuses values that the chart does not know. */
  readonly check: ValuesCheck;
  /** LibreChat's own configuration, checked. */
  readonly config: YamlMap;
  /** Its image, as a container names it. */
  readonly image: string;
  readonly environment: Environment;
  /** Name of the Secret that holds the credentials. */
  readonly credentialsSecretName: string;
  readonly credentialsRevision: CredentialsRevision;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * LibreChat with its MongoDB and Meilisearch, reading its credentials from a Secret that exists.
 *
 * @see https://github.com/danny-avila/LibreChat/tree/main/helm/librechat
 */
export class Librechat extends HelmApp {
  constructor(scope: Construct, id: string, props: LibrechatProps) {
    const values = librechatValues(props);
    const podAnnotations = [
      "podAnnotations",
      ...(isOn(values, "meilisearch.enabled") ? ["meilisearch.podAnnotations"] : []),
    ];
    super(scope, id, {
      chart: props.chart,
      values,
      check: props.check,
      timeoutSeconds: releaseTimeout("librechat"),
      // The charts' checksums cover their ConfigMaps alone: a changed Secret restarts nothing.
      restartOn: { revision: props.credentialsRevision, podAnnotations },
      dependsOn: props.dependsOn,
    });
  }
}

/** Where LibreChat is reached: its ingress, or a port-forward where it has none. */
export function librechatUrl({ ingress }: Environment): string {
  const exposed = ingress.librechat;
  if (!exposed) return `http://localhost:${librechatPorts.web}`;
  return `${exposed.tls ? "https" : "http"}://${exposed.host}`;
}

/** The values files and what the environment decides, merged. */
export function librechatValues({
  values,
  config,
  image,
  environment,
  credentialsSecretName,
}: Pick<LibrechatProps, "values" | "config" | "image" | "environment" | "credentialsSecretName">): YamlMap {
  const file = `environments/${environment.name}.yaml`;
  refuseDecidedKeys(values, {
    ingress: `ingress.librechat in ${file}`,
    "librechat.configYamlContent": "values/config/librechat.yaml",
    "librechat.configEnv.DOMAIN_CLIENT": `ingress.librechat in ${file}`,
    "librechat.configEnv.DOMAIN_SERVER": `ingress.librechat in ${file}`,
    "librechat.configEnv.SESSION_COOKIE_SECURE": `ingress.librechat.tls in ${file}`,
    "librechat.imageVolume": `storage.images and storage.className in ${file}`,
    [`initContainers.${databaseWait}`]: "the llm-apps stack",
    "mongodb.architecture": "the foundation stack, whose claim is for one MongoDB",
    ...claimKeys("mongodb.persistence", `storage.database in ${file}`, `storage.className in ${file}`),
    ...claimKeys("meilisearch.persistence", `storage.search in ${file}`, `storage.className in ${file}`),
    "global.librechat.existingSecretName": "the foundation stack",
    "meilisearch.auth.existingMasterKeySecret": "the foundation stack",
    ...Object.fromEntries(
      credentials.map(({ key }) => [
        `librechat.configEnv.${key}`,
        `the Secret ${credentialsSecretName} (npm run secrets)`,
      ]),
    ),
  });
  const { ingress, librechat } = environment;
  const url = librechatUrl(environment);
  const uploads = ["images", "uploads"] as const;
  const decided: LibrechatValues = {
    global: { librechat: { existingSecretName: credentialsSecretName } },
    librechat: {
      configEnv: {
        DOMAIN_CLIENT: url,
        DOMAIN_SERVER: url,
        // Over plain http a browser drops a Secure cookie, and every reload logs the user out.
        ...(url.startsWith("http:") && { SESSION_COOKIE_SECURE: "false" }),
        ...(!isSet(values.values, "librechat.configEnv.ENDPOINTS") && {
          ENDPOINTS: offeredEndpoints(config, librechat.features.agents),
        }),
      },
      configYamlContent: toYaml(config),
      // The chart's own claim would go with the release; it has no key for another, so that its mount is made here.
      imageVolume: { enabled: false },
    },
    volumes: withOwn(
      values.values.volumes,
      uploads.map((name) => ({ name, persistentVolumeClaim: { claimName: librechatClaims[name] } })),
    ),
    volumeMounts: withOwn(
      values.values.volumeMounts,
      uploads.map((name) => ({ name, mountPath: uploadPaths[name] })),
    ),
    initContainers: { [databaseWait]: waitForDatabase(image, credentialsSecretName) },
    ingress: ingress.librechat
      ? ingressValues({
          className: ingress.className,
          // A file of the largest size comes with some text around it.
          bodySize: `${librechat.uploadLimitMebibytes + 1}m`,
          ...ingress.librechat,
        })
      : { enabled: false },
    // What is switched off reads none of its values, and a value that nothing reads is refused.
    ...(isOn(values.values, "mongodb.enabled", "mongodb.persistence.enabled") && {
      mongodb: { persistence: { existingClaim: librechatClaims.database } },
    }),
    ...(isOn(values.values, "meilisearch.enabled") && {
      meilisearch: {
        auth: { existingMasterKeySecret: credentialsSecretName },
        ...(isOn(values.values, "meilisearch.persistence.enabled") && {
          persistence: { existingClaim: librechatClaims.search },
        }),
      },
    }),
  };
  return mergeValues([values.values, decided]);
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

/** Those of a values file, and our own: a list replaces another when values are merged. What is no list is left to the check. */
function withOwn<Item>(found: unknown, own: Item[]): Item[] {
  if (found === undefined || found === null) return own;
  return Array.isArray(found) ? [...(found as Item[]), ...own] : (found as Item[]);
}

const databaseWait = "wait-for-mongodb";

/**
 * Ends when MongoDB answers: LibreChat itself gives up after 41 s, and would be restarted until the database is there. It asks
 * as LibreChat does, with the driver and the address that LibreChat has.
 */
function waitForDatabase(image: string, credentialsSecretName: string): V1Container {
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
      { configMapRef: { name: "librechat-librechat-configenv" } },
      { secretRef: { name: credentialsSecretName, optional: true } },
    ],
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } },
  } as Omit<V1Container, "name"> as V1Container;
}

/**
 * LibreChat's own name for the endpoints that its configuration names. All others it would offer too, where a user enters a key,
 * and agents before anything else.
 *
 * @see https://www.librechat.ai/docs/configuration/dotenv#endpoints
 */
function offeredEndpoints({ endpoints }: YamlMap, agents: boolean): string {
  // `all` is what all have in common, and `agents` limits agents whether they are offered or not.
  const named = Object.keys(endpoints ?? {}).filter((name) => name !== "all" && name !== "agents");
  return [...named, ...(agents ? ["agents"] : [])].join(",");
}

function isSet(values: YamlMap, key: string): boolean {
  return valueAt(values, key) !== undefined;
}

function valueAt(values: YamlMap, key: string): unknown {
  return key.split(".").reduce<unknown>((at, name) => (at as YamlMap | undefined)?.[name], values);
}

/** Whether none of them is switched off. All are on by default. */
function isOn(values: YamlMap, ...keys: readonly string[]): boolean {
  return keys.every((key) => valueAt(values, key) !== false);
}
