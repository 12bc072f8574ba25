import { z } from "zod";
import { type RuleName, ruleNames } from "./rule-names";
import { credentialsSource } from "./credentials-source";
import { dnsLabel, plain, releaseName } from "./environment-parts";

/** By rule: why this environment may break it. */
const reason = z.string().trim().min(15, "expected a reason of at least 15 characters").optional();
const exemptions = z
  .object(
    Object.fromEntries(ruleNames.map((rule) => [rule, reason])) as { [rule in RuleName]: typeof reason },
  )
  .strict();

/** Where Terraform keeps the state of each stack. */
const state = z.discriminatedUnion("backend", [
  /** A file in `state/` of this repository, which git ignores. */
  z.object({ backend: z.literal("local") }).strict(),
  /** @see https://developer.hashicorp.com/terraform/language/backend/s3 */
  z
    .object({
      backend: z.literal("s3"),
      bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "expected the name of a bucket"),
      region: plain("a region"),
      /** Another S3-compatible service. Default: AWS. */
      endpoint: z.string().url("expected a URL").optional(),
    })
    .strict(),
  /** Secrets in the cluster itself. @see https://developer.hashicorp.com/terraform/language/backend/kubernetes */
  z.object({ backend: z.literal("kubernetes"), namespace: dnsLabel.default("default") }).strict(),
]);

/** A release that is `false` looks as if it were switched off. */
function refuseSwitch(said: unknown, context: z.RefinementCtx): void {
  if (typeof said !== "boolean") return;
  const message = said
    ? "a release has its settings here: remove the word, for every default"
    : "a release is not switched off so: remove it; or write installed: false below it, which keeps its data";
  context.addIssue({ code: "custom", message });
}

/**
 * What differs between the places where the platform runs: one file each in `environments/`.
 *
 * What is the same everywhere stands in `values/`.
 */
export const environmentSchema = z
  .object({
    cluster: z
      .object({
        /** Name of the context in the kubeconfig. The current context is never used. */
        context: plain("the name of a context"),
        /** Relative to the repository, or with ~ for the home directory. Default: ~/.kube/config */
        kubeconfig: plain("a path").default("~/.kube/config"),
        /** Where the lock and the records of the deploys are kept. It must exist, and outlives the platform. */
        recordsNamespace: dnsLabel.default("default"),
      })
      .strict(),
    /**
     * The releases that are deployed, by name, and what is special about each. A release is the application of its name, unless
     * it says of which: see `applications/` for what each may say.
     */
    applications: z
      .record(
        releaseName,
        // One of which nothing is said has all its defaults.
        z
          .unknown()
          .superRefine(refuseSwitch)
          .pipe(
            z.preprocess(
              (said) => said ?? {},
              z
                .object({
                  /** @default - the name of the release */
                  application: z.string().optional(),
                })
                .passthrough(),
            ),
          ),
      )
      .refine((releases) => Object.keys(releases).length > 0, "expected at least one application"),
    storage: z
      .object({
        /** Default: the cluster's default StorageClass. */
        className: dnsLabel.optional(),
        /** What becomes of all of it when the platform is destroyed. */
        onDestroy: z.enum(["keep", "delete"]).default("keep"),
      })
      .strict()
      .default({}),
    ingress: z
      .object({
        className: dnsLabel.default("nginx"),
        /** Where the ingress controller runs: the only namespace from which it may reach the applications. */
        controllerNamespace: dnsLabel.default("ingress-nginx"),
      })
      .strict()
      .default({}),
    /** Groups of the cluster's authentication that get Kubernetes' own roles in the namespaces of the releases. */
    access: z
      .object({
        view: plain("the name of a group").default("llm-platform-viewers"),
        edit: plain("the name of a group").default("llm-platform-editors"),
      })
      .strict()
      .default({}),
    /** Where the credentials come from. Default: a file that git ignores. */
    credentials: credentialsSource.default({ source: "file" }),
    state: state.default({ backend: "local" }),
    /** Rules of `policies/` that are switched off, each with its reason, which every report shows. */
    exemptions: exemptions.default({}),
    deploy: z
      .object({
        /** Whether `npm run release` takes the releases back that it deployed when `npm run verify` fails after it. */
        rollBackWhenVerifyFails: z.boolean().default(false),
      })
      .strict()
      .default({}),
  })
  .strict();

/** A checked environment, but for what each application says of its own. Every default is filled in. */
export type Environment = z.output<typeof environmentSchema> & {
  /** The file's name without .yaml, such as `minikube`. */
  readonly name: string;
};
export type State = z.output<typeof state>;
