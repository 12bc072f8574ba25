import { isIP } from "node:net";
import { z } from "zod";
import { allowLists } from "./ingress-controllers";
import { names, subdomainPattern } from "./kubernetes-names";

/** A Kubernetes quantity of bytes, such as 30Gi. */
export const bytes = z
  .string()
  .regex(/^(?=.*[1-9])\d+(\.\d+)?(Mi|Gi|Ti)$/, "expected a size such as 500Mi, 30Gi or 1Ti");
/** A directory of a volume. @see https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath */
export const subPath = z
  .string()
  .regex(
    /^(?!\/)(?!(.*\/)?\.\.(\/|$))[\w.\/-]+$/,
    "expected a directory of the volume such as models or team-a/models, without / at its start and without ..",
  );
/** A Kubernetes quantity of CPU, such as 500m or "4". */
export const cpu = z
  .string()
  .regex(/^(?=.*[1-9])(\d+m?|\d+\.\d+)$/, 'expected CPUs in quotes, such as "4" or "500m"');
export const host = z
  .string()
  .regex(subdomainPattern, "expected a host name in lower case, such as chat.example.com");
const cidr = z
  .string()
  .refine(isAddressRange, "expected an address range such as 10.0.0.0/8")
  .refine(
    (range) => !isAddressRange(range) || Number(range.split("/")[1]) >= (range.includes(":") ? 7 : 8),
    "wider than any private range, and the application has no authentication: name the ranges that may reach it, /8 (IPv6: /7) at the widest",
  );
function isAddressRange(text: string): boolean {
  const [address = "", bits = "", ...rest] = text.split("/");
  const largest = { 4: 32, 6: 128 }[isIP(address)];
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && largest !== undefined && Number(bits) <= largest;
}

/** Text that Terraform takes as it is: `${` and `%{` would begin an expression. */
export function plain(what: string): z.ZodString {
  return z.string().regex(/^(?!.*[$%]\{).+$/, `expected ${what}`);
}

export const quota = z
  .object({
    cpu: cpu.describe("Sum of the CPU that pods may request."),
    memory: bytes.describe(
      "Sum of the memory that pods may request, and half of what their limits may add up to.",
    ),
    storage: bytes.describe("Sum of the storage that claims may request."),
    pods: z.number().int().min(1, "expected at least 1").describe("Number of pods."),
  })
  .strict();

/** What pods of a release may reach beside other releases. */
export const egress = z
  .array(
    z
      .object({
        cidr: z
          .string()
          .refine(
            isAddressRange,
            "expected an address range such as 203.0.113.0/24, or 0.0.0.0/0 for every one",
          )
          .optional()
          .describe("Addresses outside the cluster."),
        namespace: names.namespace.optional().describe("Namespace of the cluster."),
        ports: z
          .array(z.number().int().min(1, "expected 1 to 65535").max(65_535, "expected 1 to 65535"))
          .min(1, "expected at least one port")
          .default([443])
          .describe("TCP ports there."),
        pods: z
          .string()
          .optional()
          .describe(
            "Which of its pods reach it, by their key in its values. Default: its first, which people reach.",
          ),
      })
      .strict()
      .refine(
        ({ cidr, namespace }) => (cidr === undefined) !== (namespace === undefined),
        "expected one of cidr and namespace",
      ),
  )
  .default([]);

/** @param wrong what is wrong with one, by its name */
function annotations(wrong: (annotation: string) => string | undefined) {
  return z
    .record(names.annotation, z.string())
    .superRefine((found, context) => {
      for (const key of Object.keys(found)) {
        const message = wrong(key);
        if (message) context.addIssue({ code: "custom", path: [key], message });
      }
    })
    .optional()
    .describe("Annotations of its Ingress, beside those that the platform sets and in the place of those.");
}

const openAnnotations = annotations((key) =>
  key === "cert-manager.io/cluster-issuer" ? "follows from tls.clusterIssuer: set that instead" : undefined,
);
/** Snippets go around what keeps strangers out. */
const guardedAnnotations = annotations((key) => {
  if (allowLists().includes(key)) return "follows from allowedSourceRanges: set that instead";
  if (!key.endsWith("-snippet")) return undefined;
  return "a snippet can let everybody in, and the application itself asks nobody who they are: remove it";
});

const exposedHost = host.describe("Host name under which it is reached.");

export const guardedIngress = z
  .object({
    host: exposedHost,
    allowedSourceRanges: z
      .array(cidr)
      .min(1, "expected at least one address range")
      .describe("Who may reach it, such as 10.0.0.0/8: the application itself asks nobody who they are."),
    annotations: guardedAnnotations,
  })
  .strict();

export const ingress = z
  .object({
    host: exposedHost,
    tls: z
      .object({
        secretName: names.secret.describe(
          "Name of the Secret with the certificate, in the namespace of the application.",
        ),
        clusterIssuer: names.clusterIssuer
          .optional()
          .describe(
            "cert-manager's ClusterIssuer that fills the Secret. Default: the Secret is made by somebody else.",
          ),
      })
      .strict()
      .optional()
      .describe("The certificate. Default: none, over plain http."),
    annotations: openAnnotations,
  })
  .strict();

export type Quota = z.output<typeof quota>;
export type Ingress = z.output<typeof ingress>;
