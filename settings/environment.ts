import { isIP } from "node:net";
import { z } from "zod";
import { type RuleName, ruleNames } from "./rule-names";
import { credentialsSource } from "./credentials-source";
import { type LibrechatFeature, librechatFeatures } from "./librechat-features";
import { taggedModel } from "./model-name";

/** A Kubernetes quantity of bytes, such as 30Gi. */
const bytes = z
  .string()
  .regex(/^(?=.*[1-9])\d+(\.\d+)?(Mi|Gi|Ti)$/, "expected a size such as 500Mi, 30Gi or 1Ti");
/** A Kubernetes quantity of CPU, such as 500m or "4". */
const cpu = z
  .string()
  .regex(/^(?=.*[1-9])(\d+m?|\d+\.\d+)$/, 'expected CPUs in quotes, such as "4" or "500m"');
/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    "expected a name of lower-case letters, digits and -, at most 63",
  );
const host = z
  .string()
  .regex(
    /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    "expected a host name in lower case, such as chat.example.com",
  );
const cidr = z
  .string()
  .refine(isAddressRange, "expected an address range such as 10.0.0.0/8")
  .refine(
    (range) => !isAddressRange(range) || Number(range.split("/")[1]) >= (range.includes(":") ? 7 : 8),
    "wider than any private range, and Ollama has no authentication: name the ranges that may reach it, /8 (IPv6: /7) at the widest",
  );
const model = z
  .string()
  .regex(
    /^[a-z0-9][\w./-]*(:[\w.-]+)?$/i,
    "expected a model of the Ollama library, such as llama2 or qwen2.5:0.5b",
  )
  .transform(taggedModel);

function isAddressRange(text: string): boolean {
  const [address = "", bits = "", ...rest] = text.split("/");
  const largest = { 4: 32, 6: 128 }[isIP(address)];
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && largest !== undefined && Number(bits) <= largest;
}

/** Text that Terraform takes as it is: `${` and `%{` would begin an expression. */
function plain(what: string): z.ZodString {
  return z.string().regex(/^(?!.*[$%]\{).+$/, `expected ${what}`);
}

const quota = z
  .object({
    /** Sum of the CPU that pods may request. */
    cpu,
    /** Sum of the memory that pods may request, and half of what their limits may add up to. */
    memory: bytes,
    /** Sum of the storage that claims may request. */
    storage: bytes,
    pods: z.number().int().min(1, "expected at least 1"),
  })
  .strict();

const ingressWithoutAuthentication = z
  .object({
    host,
    /** Who may reach it. Ollama's API has no authentication and can pull and delete models. */
    allowedSourceRanges: z.array(cidr).min(1, "expected at least one address range"),
  })
  .strict();

const ingress = z
  .object({
    host,
    tls: z
      .object({
        /** Name of the Secret with the certificate, in the namespace of the application. */
        secretName: dnsLabel,
        /** cert-manager's ClusterIssuer that fills the Secret. Default: the Secret is made by somebody else. */
        clusterIssuer: dnsLabel.optional(),
      })
      .strict()
      .optional(),
  })
  .strict();

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
    /** Models that Ollama pulls and LibreChat offers, the default one first; one without a tag is its `latest`. */
    models: z
      .array(model)
      .min(1, "expected at least one model")
      .refine((models) => new Set(models).size === models.length, "expected each model once"),
    gpu: z
      .object({
        /** GPUs that Ollama asks for. 0: it runs on the CPU. */
        count: z.number().int().min(0, "expected 0 to 16").max(16, "expected 0 to 16"),
        type: z.enum(["nvidia", "amd"]).default("nvidia"),
        /** Only where the cluster has that RuntimeClass and it is not the default: a pod that names a missing one is refused. */
        runtimeClass: dnsLabel.optional(),
      })
      .strict(),
    storage: z
      .object({
        /** Default: the cluster's default StorageClass. */
        className: dnsLabel.optional(),
        /** Models. Two of 7 billion parameters take about 8Gi. */
        models: bytes.default("30Gi"),
        /** Images that users upload to LibreChat, and their avatars. */
        images: bytes.default("5Gi"),
        /** Documents that users upload to LibreChat. */
        uploads: bytes.default("5Gi"),
        /** LibreChat's MongoDB: users and conversations. */
        database: bytes.default("8Gi"),
        /** LibreChat's Meilisearch index. */
        search: bytes.default("1Gi"),
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
        /** Default: LibreChat is not exposed. */
        librechat: ingress.optional(),
        /** Default: Ollama is not exposed. */
        ollama: ingressWithoutAuthentication.optional(),
      })
      .strict()
      .default({}),
    /** What LibreChat offers. */
    librechat: z
      .object({
        features: z
          .object(
            Object.fromEntries(
              librechatFeatures.map((feature) => [feature, z.boolean().default(false)]),
            ) as Record<LibrechatFeature, z.ZodDefault<z.ZodBoolean>>,
          )
          .strict()
          .default({}),
        /** The largest file that a user may upload, in MiB: the ingress and LibreChat refuse a larger one. */
        uploadLimitMebibytes: z
          .number()
          .int()
          .min(1, "expected 1 to 512")
          .max(512, "expected 1 to 512")
          .default(25),
      })
      .strict()
      .default({}),
    /** What the pods of each namespace may use together. */
    quotas: z
      .object({
        ollama: quota.default({ cpu: "8", memory: "16Gi", storage: "100Gi", pods: 10 }),
        librechat: quota.default({ cpu: "4", memory: "4Gi", storage: "50Gi", pods: 20 }),
      })
      .strict()
      .default({}),
    /** Groups of the cluster's authentication that get Kubernetes' own roles in both namespaces. */
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
  .strict()
  .superRefine((environment, context) => {
    if (environment.ingress.ollama && environment.ingress.className !== "nginx") {
      context.addIssue({
        code: "custom",
        path: ["ingress", "className"],
        message:
          "ingress-nginx alone enforces allowedSourceRanges, with another class Ollama would be open to everybody: use nginx or remove ingress.ollama",
      });
    }
    if (environment.gpu.count === 0 && environment.gpu.runtimeClass) {
      context.addIssue({
        code: "custom",
        path: ["gpu", "runtimeClass"],
        message: "a RuntimeClass for GPUs without a GPU: set gpu.count or remove gpu.runtimeClass",
      });
    }
    if (
      environment.ingress.ollama &&
      environment.ingress.ollama.host === environment.ingress.librechat?.host
    ) {
      context.addIssue({
        code: "custom",
        path: ["ingress", "ollama", "host"],
        message: "is the host of ingress.librechat too: give each its own",
      });
    }
  });

/** A checked environment: every default is filled in. */
export type Environment = z.output<typeof environmentSchema> & {
  /** The file's name without .yaml, such as `minikube`. */
  readonly name: string;
};
export type Quota = z.output<typeof quota>;
export type State = z.output<typeof state>;
