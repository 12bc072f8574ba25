import { z } from "zod";
import { type RuleName, ruleNames } from "./rule-names";
import { credentialsSource } from "./credentials-source";
import { plain } from "./environment-parts";
import { controllerNames, controllerOfClass, ingressController } from "./ingress-controllers";
import { engineNames } from "./engine";
import { names } from "./kubernetes-names";

const reason = z
  .string()
  .trim()
  .min(15, "expected a reason of at least 15 characters")
  .optional()
  .describe("Why this environment may break the rule.");
const exemptions = z
  .object(
    Object.fromEntries(ruleNames.map((rule) => [rule, reason])) as { [rule in RuleName]: typeof reason },
  )
  .strict();

const version = z.string().regex(/^\d+\.\d+\.\d+$/, "expected one exact version such as 3.2.1, not a range");

const encrypted = z
  .boolean()
  .optional()
  .describe(
    "Whether states and plans must be encrypted, as the variable `TF_ENCRYPTION` says: `engine: opentofu` can. Default: no.",
  );

const state = z.discriminatedUnion("backend", [
  z
    .object({ backend: z.literal("local"), encrypted })
    .strict()
    .describe("A file in `state/` of this repository, which git ignores."),
  z
    .object({
      backend: z.literal("s3"),
      bucket: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "expected the name of a bucket")
        .describe("Name of the bucket. It must exist."),
      region: plain("a region").describe("Where the bucket is, such as eu-central-1."),
      endpoint: z
        .string()
        .url("expected a URL")
        .optional()
        .describe("Address of another service that speaks S3. Default: that of AWS."),
      encrypted,
    })
    .strict()
    .describe("A bucket: https://developer.hashicorp.com/terraform/language/backend/s3"),
  z
    .object({
      backend: z.literal("kubernetes"),
      namespace: names.namespace.default("default").describe("Where the Secrets are. It must exist."),
      encrypted,
    })
    .strict()
    .describe(
      "Secrets in the cluster itself: https://developer.hashicorp.com/terraform/language/backend/kubernetes",
    ),
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
        context: plain("the name of a context").describe(
          "Name of the context in the kubeconfig. The current context is never used.",
        ),
        kubeconfig: plain("a path")
          .default("~/.kube/config")
          .describe("The kubeconfig: relative to the repository, or with ~ for the home directory."),
        recordsNamespace: names.namespace
          .default("default")
          .describe(
            "Namespace of the lock and the records of the deploys. It must exist, and outlives the platform.",
          ),
      })
      .strict()
      .describe("Where the platform runs."),
    applications: z
      .record(
        names.release,
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
      .refine((releases) => Object.keys(releases).length > 0, "expected at least one application")
      .describe(
        "The releases that are deployed, by name, and what is special about each. A release is the application of its name, unless it says of which.",
      ),
    storage: z
      .object({
        className: names.storageClass
          .optional()
          .describe("StorageClass of every claim. Default: the cluster's default StorageClass."),
        onDestroy: z
          .enum(["keep", "delete"])
          .default("keep")
          .describe("What becomes of all data when the platform is destroyed."),
      })
      .strict()
      .default({})
      .describe("The claims of all releases."),
    ingress: z
      .object({
        className: names.ingressClass.default("nginx").describe("IngressClass of every ingress."),
        controller: z
          .enum([...controllerNames])
          .optional()
          .describe(
            "Which ingress controller serves the class: what it needs for large files and long answers, and for address ranges, is written for it. `other`: nothing is. Default: by the name of the class.",
          ),
        controllerNamespace: names.namespace
          .optional()
          .describe(
            "Namespace of the ingress controller: the only one from which it may reach the applications. Default: where its makers install it.",
          ),
      })
      .strict()
      .transform(({ className, controller = controllerOfClass(className), controllerNamespace }) => ({
        className,
        controller,
        controllerNamespace: controllerNamespace ?? ingressController(controller)?.namespace ?? className,
      }))
      .default({})
      .describe("The ingress controller of the cluster."),
    images: z
      .object({
        digests: z
          .boolean()
          .default(false)
          .describe("Whether every image must be named by its digest: npm run charts -- images lists them."),
      })
      .strict()
      .default({})
      .describe("The images of all pods."),
    access: z
      .object({
        view: plain("the name of a group").default("llm-platform-viewers").describe("Group that may read."),
        edit: plain("the name of a group").default("llm-platform-editors").describe("Group that may change."),
      })
      .strict()
      .default({})
      .describe(
        "Groups of the cluster's authentication that get Kubernetes' own roles in the namespaces of the releases.",
      ),
    credentials: credentialsSource
      .default({ source: "file" })
      .describe(
        "Where the credentials come from. Variables `TF_VAR_…` that are set go before `file` and `sops`.",
      ),
    state: state.default({ backend: "local" }).describe("Where the engine keeps the state of each stack."),
    engine: z
      .enum(engineNames)
      .default("terraform")
      .describe("What runs the stacks. The variable `TERRAFORM_BINARY_NAME` goes before it."),
    providers: z
      .object({
        kubernetes: version.default("2.38.0").describe("Of hashicorp/kubernetes."),
        helm: version.default("3.1.1").describe("Of hashicorp/helm."),
      })
      .strict()
      .default({})
      .describe("Versions of the engine's providers. Default: those that CDKTF's bindings were made of."),
    exemptions: exemptions
      .default({})
      .describe(
        "Rules of `policies/` that are switched off, each with its reason, which every report shows.",
      ),
    deploy: z
      .object({
        failFast: z
          .boolean()
          .default(true)
          .describe(
            "Whether a deploy ends once a release cannot become ready by waiting, such as for an image that does not exist, instead of at its time-out.",
          ),
        rollBackWhenVerifyFails: z
          .boolean()
          .default(false)
          .describe(
            "Whether `npm run release` takes the releases back that it deployed when `npm run verify` fails after it.",
          ),
      })
      .strict()
      .default({})
      .describe("How it is deployed."),
    drift: z
      .object({
        expected: z
          .array(
            z.string().regex(/^[A-Z]\w*\/\S+$/, "expected KIND/NAME, such as ConfigMap/istio-ca-root-cert"),
          )
          .default([])
          .describe(
            "Objects that somebody else makes in the namespaces of the releases, or that concern these, as KIND/NAME: they are no drift.",
          ),
      })
      .strict()
      .default({})
      .describe("What `npm run drift` reports."),
  })
  .strict();

/** A checked environment, but for what each application says of its own. Every default is filled in. */
export type Environment = z.output<typeof environmentSchema> & {
  /** The file's name without .yaml, such as `minikube`. */
  readonly name: string;
};
export type State = z.output<typeof state>;
