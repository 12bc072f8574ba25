import { z } from "zod";
import { names } from "./kubernetes-names";

/** A path inside the repository: what is deployed must not depend on the rest of the machine. */
const inRepository = z
  .string()
  .regex(
    /^(?![/~])(?!(.*\/)?\.\.(\/|$))[\w./-]+\.(env|ya?ml|json)$/,
    "expected a path inside the repository that ends with .env, .yaml or .json",
  );

export const credentialsSource = z.discriminatedUnion("source", [
  z
    .object({ source: z.literal("file") })
    .strict()
    .describe("`credentials/NAME.env`, which git ignores and its owner alone can read."),
  z
    .object({
      source: z.literal("sops"),
      file: inRepository
        .optional()
        .describe("Relative to the repository. Default: environments/NAME.sops.env"),
    })
    .strict()
    .describe("A file that is committed, encrypted by the program sops: https://getsops.io"),
  z
    .object({
      source: z.literal("secret"),
      name: names.secret
        .optional()
        .describe(
          "One Secret that all pods of a release read. Default: one for each of its pods that read any, named as ours are.",
        ),
    })
    .strict()
    .describe(
      "Secrets in the namespaces of the releases that somebody else makes and fills, such as the External Secrets operator: they are named and checked, and neither their values nor the Secrets are Terraform's.",
    ),
]);

export type CredentialsSource = z.output<typeof credentialsSource>;
