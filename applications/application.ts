import { z } from "zod";
import type { Destination } from "../constructs/app-namespace";
import type { FamiliarKeys } from "../contracts/familiar-keys";
import type { Credential } from "../settings/credentials";
import {
  bytes,
  egress,
  guardedIngress,
  ingress,
  type Quota,
  quota,
  subPath,
} from "../settings/environment-parts";
import { names } from "../settings/kubernetes-names";
import type { Charts } from "../settings/chart-lock";
import type { JsonSchema } from "../settings/json-schema";
import type { Settings } from "../settings/settings";
import type { ApplicationValues } from "../settings/values";
import type { YamlMap } from "../settings/yaml-file";
import type { Question, Visit } from "./question";
import type { Users } from "./users";

/** Pods of a release that others talk to. */
export interface ServingPods {
  /** Labels of the pods that the chart makes, by the name of the release. */
  readonly labels: (release: string) => { readonly [label: string]: string };
  /** Where they answer. */
  readonly port: number;
  /** Keys of the chart's values that set it, beside those that charts have in common. @default - none */
  readonly portKeys?: readonly string[];
  /** Whether no value moves them: what the chart's own values are called like otherwise is something else. @default false */
  readonly isFixed?: true;
}

const common = z.object({
  application: z.string().optional().describe("Its application. Default: the one of the release's name."),
  namespace: names.namespace.optional().describe("Namespace of the release. Default: its name."),
  installed: z
    .boolean()
    .default(true)
    .describe("Whether it runs. What does not keeps its namespace and its claims, with their data."),
  credentials: z
    .record(
      z
        .string()
        .regex(/^[A-Z][A-Z0-9_]*$/, "expected the name of an environment variable, such as OPENAI_API_KEY"),
      z.enum(["random", "given"]),
    )
    .default({})
    .describe(
      "Credentials beside those that its application has, by the environment variable that its first pods read: made here, or given by whoever runs the service.",
    ),
  podSecurityBaseline: z
    .string()
    .trim()
    .min(15, "expected a reason of at least 15 characters")
    .optional()
    .describe(
      "Why its namespace is under Pod Security baseline, where pods may run as root, such as for a GPU that is open to root alone. Default: it is under restricted.",
    ),
  needs: z
    .array(names.release)
    .default([])
    .describe("Other releases that it reaches, and that are deployed before it."),
  egress: egress.describe(
    "What its pods may reach beside the releases that it needs: everything else is closed, but for DNS and what the application itself is known to need.",
  ),
  timeoutSeconds: z
    .number()
    .int()
    .min(1, "expected at least 1")
    .optional()
    .describe("How long its pods may take to become ready, in seconds. Default: as its application says."),
});

/** What an environment may say of every release. */
export interface CommonSettings extends Readonly<z.output<typeof common>> {
  readonly quota: Quota;
  readonly storage: { readonly [claim: string]: string };
  /** @default - it is not exposed */
  readonly ingress?: {
    readonly host: string;
    readonly tls?: { readonly secretName: string; readonly clusterIssuer?: string };
    readonly allowedSourceRanges?: readonly string[];
    readonly annotations?: { readonly [annotation: string]: string };
  };
  /** Directories of claims, by the claim: what is not there is mounted whole. */
  readonly subPaths: { readonly [claim: string]: string | undefined };
}

/** One release of an application, as an environment wants it. */
export interface ApplicationRelease<Own extends CommonSettings = CommonSettings> {
  /** Helm's name of it. */
  readonly name: string;
  readonly namespace: string;
  readonly application: Application<Own>;
  /** What the environment says of it, checked, with every default. */
  readonly own: Own;
  /** The releases that it reaches, and that are deployed before it. */
  readonly needs: readonly string[];
}

/**
 * What a pod claims of the devices of a driver: so many of a class, or what a template of somebody else says.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
 */
export interface DeviceClaim {
  /** @default - what the template says */
  readonly deviceClass?: string;
  /** Name of it, in the namespace of the pod. @default - the chart makes one for the class */
  readonly template?: string;
  readonly count: number;
}

export type Guard = "login" | "source ranges";

/** A credential of an application: see {@link Credential}. */
export interface ApplicationCredential extends Partial<
  Pick<Credential, "pattern" | "allowed" | "bytes" | "whenReplaced" | "encrypts" | "keptElsewhere">
> {
  readonly key: string;
  /**
   * Which pods read it, and under which keys of their Secret what is made of its value. @default - the first pods, under its own
   * key, as it is
   */
  readonly readBy?: { readonly [pods: string]: { readonly [key: string]: (value: string) => string } };
}

/** Name of the PriorityClass of the pods that serve models. */
export const modelServerPriority = "llm-platform-model-server";

/** Everything that the values of a release are made of. */
export interface ValuesContext<Own extends CommonSettings = CommonSettings> {
  readonly settings: Settings;
  /** What its values files say. */
  readonly files: ApplicationValues;
  /** The Secrets of the release, by the pods that read them: see `release-secrets.ts`. */
  readonly secrets: { readonly [pods: string]: { readonly name: string; readonly keys: object } | undefined };
  readonly release: ApplicationRelease<Own>;
  /** Every release of the environment. */
  readonly releases: readonly ApplicationRelease[];
}

/** What an error names of the place where a value is decided. */
export interface DecidedContext<Own extends CommonSettings = CommonSettings> extends Pick<
  ValuesContext<Own>,
  "secrets" | "release"
> {
  readonly settings: { readonly environment: { readonly name: string } };
}

/**
 * Everything that the platform knows of an application. Stacks and commands go through the applications that an environment
 * names, and know none of them.
 */
export interface Application<Own extends CommonSettings = CommonSettings> extends ApplicationParts<Own> {
  readonly title: string;
  readonly component: string;
  readonly chart: string;
  readonly settings: z.ZodType<Own, z.ZodTypeDef, unknown>;
  readonly guard: Guard;
  /**
   * By the key that their values have in those of the chart, with dots between keys. The first, whose values are those of the chart
   * itself and which may be called as it likes, takes what other releases and the ingress controller send, and sends what goes to other releases.
   */
  readonly pods: { readonly [pods: string]: ServingPods };
  /** Name of the Service of the first of its pods, by the name of the release. */
  readonly service: (release: string) => string;
  /** Where in its values the annotations of pods are that read credentials when they start, by those pods. */
  readonly podAnnotations: (values: YamlMap) => { readonly [pods: string]: string };
}

/** What is said of an application, beside what {@link application} makes of it. */
interface ApplicationParts<Own extends CommonSettings> {
  /** Key of `applications` in an environment, and name of its values files. */
  readonly name: string;
  /** Where keys of an environment's old form have gone, by old key: the new one within its own part. @default - none */
  readonly moved?: { readonly [key: string]: string };
  /** Keys of an environment that were called after it, and what they are called now, by whole paths. @default - none */
  readonly renamed?: { readonly [key: string]: string };
  /** How long its pods may take to become ready. @default 600 */
  readonly timeoutSeconds?: number;
  /** Other releases that it needs by itself, beside those that the environment says. @default - none */
  readonly needs?: (own: Own, releases: readonly ApplicationRelease[]) => readonly string[];
  /** Labels of those of its pods that ask others of it and answer nobody, by the release. @default - none */
  readonly clients?: { readonly [pods: string]: ServingPods["labels"] };
  /** Which of its pods reach which others of it, as `[from, to]`, by what its values files switch on. @default - none */
  readonly within?: (values: YamlMap) => readonly (readonly [from: string, to: string])[];
  /**
   * Claims that its pods wrote as root once, and the user that they run as today: a deploy hands over what is in them.
   *
   * @default - none
   */
  readonly formerlyRoot?: { readonly [claim: string]: number };
  /** What its pods reach outside, beside what an environment names: the first, unless others are named. @default - nothing */
  readonly egress?: (own: Own) => readonly (Destination & { readonly pods?: string })[];
  /** GPUs that its namespace may ask for, by resource. @default - none */
  readonly gpus?: (own: Own) => { readonly [resource: string]: number };
  /** Devices that its pods claim by dynamic resource allocation. @default - none */
  readonly deviceClaim?: (own: Own) => DeviceClaim | undefined;
  /** Name of the RuntimeClass that its pods ask for. @default - none */
  readonly runtimeClass?: (own: Own) => string | undefined;
  /** Models that its pods serve, by the names under which they are asked for. @default - none */
  readonly models?: (own: Own) => readonly string[];
  /**
   * What `npm run verify` asks of a release, in this order. {@link answers} makes one of a path.
   *
   * @default - nothing is asked, and that is told
   */
  readonly questions?: (
    release: ApplicationRelease<Own>,
    releases: readonly ApplicationRelease[],
  ) => readonly Question[];
  /** What `npm run verify` asks besides, as somebody who uses it would. @default - nothing */
  readonly visit?: (release: ApplicationRelease<Own>) => Visit;
  /**
   * Who says who its users are, by OpenID Connect, and where below the release an environment says so. @default - nobody
   */
  readonly openidIssuer?: (own: Own) => { readonly issuer: string; readonly setting: string } | undefined;
  /** Who may log in, and how that is changed. @default - `npm run users` knows nobody */
  readonly users?: Users;
  /** How its data is saved. @default - `npm run backup` saves nothing of it */
  readonly backup?: (release: ApplicationRelease<Own>) => Backup;
  /** What is missing here before a version of it is deployed, in a sentence. @default - nothing */
  readonly missingFor?: (appVersion: string) => string | undefined;
  /** Where the authors of its chart publish it. @default - not known */
  readonly chartRepository?: string;
  /** What has to be there before a version of its chart is deployed, in a sentence. @default - nothing */
  readonly neededByChart?: (version: string) => string | undefined;
  /** What is worth a line where the platform is shown. @default - nothing */
  readonly overview?: (own: Own) => readonly string[];
  /** What a deploy and a diff should remind of, a sentence each. @default - nothing */
  readonly reminders?: (own: Own) => readonly string[];
  /**
   * What must be done by hand before one of its objects is changed, in a sentence. @default - nothing
   *
   * @param deployed a Kubernetes object, and what it would become
   */
  readonly stepBefore?: (deployed: object, planned: object) => string | undefined;
  /** JSON Schemas of YAML files of its own, beside its values, by the name of the schema. @default - none */
  readonly schemas?: (
    root: string,
    charts: Charts,
  ) => { readonly [name: string]: { readonly title: string; readonly schema: JsonSchema } };
  /** The values that follow from the environment, merged over those of its files. */
  readonly values: (context: ValuesContext<Own>) => YamlMap;
  /** Keys of its values that people know from other charts. @default - none */
  readonly familiarKeys?: FamiliarKeys;
  /** Keys that values files may not set, since the platform decides them: path → where it is decided. @default - none */
  readonly decided?: (context: DecidedContext<Own>) => { readonly [path: string]: string };
  /** Images that it puts into the values by itself, by the key of its settings that names another. @default - none */
  readonly images?: (own: Own) => { readonly [setting: string]: string | undefined };
  /** Its credentials, each made here and read by its first pods unless it says otherwise. @default - none */
  readonly credentials?: (release: ApplicationRelease<Own>) => readonly ApplicationCredential[];
  /** Files in `values/` that it reads beside its values, relative to the repository. @default - none */
  readonly files?: readonly string[];
  /** Environment variables of its first pods that the platform sets: no credential is called so. @default - none */
  readonly variables?: readonly string[];
  /** The address of its Secret in the states of the first platforms. @default - none */
  readonly formerSecret?: string;
}

/** How the data of a release is saved. */
export interface Backup {
  /** Name of a CronJob, whose pods save and restore it: see `applications/librechat/backup.sh`. */
  readonly cronJob: string;
  /** Whether it makes some by itself. */
  readonly isScheduled: boolean;
  /** Public keys of age for which what is saved is encrypted; of none, it is not. */
  readonly recipients: readonly string[];
}

/** What {@link application} makes an {@link Application} of. */
export interface ApplicationDefinition<Own extends CommonSettings> extends ApplicationParts<Own> {
  /** As people write it. @default - its name, with a capital letter */
  readonly title?: string;
  /** What it is to the platform: value of the label `app.kubernetes.io/component`. @default - its name */
  readonly component?: string;
  /** Name of its chart in `charts/lock.yaml`. @default - its name */
  readonly chart?: string;
  /** What an environment may say of it: see {@link releaseSettings}. */
  readonly settings: { readonly schema: z.ZodType<Own, z.ZodTypeDef, unknown>; readonly guard: Guard };
  /** Its pods that others talk to: see {@link Application.pods}. Labels: @default - those that `helm create` writes */
  readonly pods: { readonly [pods: string]: Pick<ServingPods, "port"> & Partial<ServingPods> };
  /** See {@link Application.podAnnotations}. @default - the first pods' are where `helm create` has them */
  readonly podAnnotations?: (values: YamlMap) => { readonly [pods: string]: string };
  /** See {@link Application.service}. @default - the name that `helm create` makes */
  readonly service?: (release: string) => string;
}

/**
 * An application, for lists of all: what an environment says of its own is known to itself alone.
 *
 * What it does not say of its pods and its Service is as `helm create` writes charts.
 *
 * @see https://helm.sh/docs/chart_best_practices/labels/
 */
export function application<Own extends CommonSettings>(definition: ApplicationDefinition<Own>): Application {
  const { name, chart = name, settings, pods } = definition;
  const labels = (release: string) => ({
    "app.kubernetes.io/name": chart,
    "app.kubernetes.io/instance": release,
  });
  const complete: Application<Own> = {
    title: name.charAt(0).toUpperCase() + name.slice(1),
    component: name,
    service: (release) => (release.includes(chart) ? release : `${release}-${chart}`),
    podAnnotations: () => ({ [Object.keys(pods)[0] ?? ""]: "podAnnotations" }),
    ...definition,
    chart,
    settings: settings.schema,
    guard: settings.guard,
    pods: Object.fromEntries(Object.entries(pods).map(([key, one]) => [key, { labels, ...one }])),
  };
  return complete as unknown as Application;
}

/** What an environment may say of an application: what it may say of every one, and more. */
export function releaseSettings<
  Claims extends { readonly [claim: string]: string },
  Guarded extends Guard,
  More extends z.ZodRawShape = Record<never, never>,
  Mounted extends keyof Claims & string = never,
  Others extends string = never,
>(props: {
  /** Its claims, and their sizes where the environment says none. Each is there whether it is used or not. */
  readonly storage: Claims;
  /** Claims that are there where the environment gives them a size, and what they are for. @default - none */
  readonly moreStorage?: { readonly [claim in Others]: string };
  /** Those of its claims of which its chart can mount a directory. @default - none */
  readonly subPaths?: readonly Mounted[];
  /** What its pods may use together where the environment says nothing. @default - 2 CPUs, 4Gi, 20Gi on claims, 10 pods */
  readonly quota?: Quota;
  /** Who keeps strangers out: it asks who they are itself, or its ingress lets some addresses in alone. */
  readonly guard: Guarded;
  /** What it may say of this application alone. @default - nothing */
  readonly more?: More;
}) {
  const sizes = {
    ...Object.fromEntries(
      Object.entries(props.storage).map(([claim, size]) => [
        claim,
        bytes.default(size).describe(`Size of the claim ${claim}.`),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries<string>(props.moreStorage ?? {}).map(([claim, what]) => [
        claim,
        bytes.optional().describe(`Size of the claim ${claim}: ${what}`),
      ]),
    ),
  } as { [claim in keyof Claims]: z.ZodDefault<z.ZodString> } & {
    [claim in Others]: z.ZodOptional<z.ZodString>;
  };
  const subPaths = Object.fromEntries(
    (props.subPaths ?? []).map((claim) => [
      claim,
      subPath.optional().describe(`Directory of the claim ${claim}. Default: all of it.`),
    ]),
  ) as {
    [claim in Mounted]: z.ZodOptional<typeof subPath>;
  };
  const schema = z
    .object({
      ...common.shape,
      quota: quota
        .default(props.quota ?? { cpu: "2", memory: "4Gi", storage: "20Gi", pods: 10 })
        .describe("What the pods of its namespace may use together."),
      storage: (z.object(sizes).strict() as z.ZodObject<typeof sizes, "strict">)
        .default({} as never)
        .describe("Sizes of its claims, by their names."),
      subPaths: (z.object(subPaths).strict() as z.ZodObject<typeof subPaths, "strict">)
        .default({} as never)
        .describe(
          "Directories of its claims that are mounted in the place of the whole, by their names. Another directory is another, empty one: what was there stays in the claim.",
        ),
      ingress: (props.guard === "login" ? ingress : guardedIngress)
        .optional()
        .describe(
          "How it is reached from outside the cluster. Default: it is not.",
        ) as unknown as z.ZodOptional<Guarded extends "login" ? typeof ingress : typeof guardedIngress>,
      ...((props.more ?? {}) as More),
    })
    .strict();
  return { schema, guard: props.guard };
}
