import { z } from "zod";
import { dnsLabel } from "../../settings/environment-parts";
import { releaseSettings } from "../application";
import { librechatFeatures } from "./features";

/** What an environment may say of LibreChat. */
export const librechatSettings = releaseSettings({
  storage: {
    // Images that users upload, and their avatars.
    images: "5Gi",
    // Documents that users upload.
    uploads: "5Gi",
    // MongoDB: users and conversations.
    database: "8Gi",
    // The index of Meilisearch.
    search: "1Gi",
  },
  quota: { cpu: "4", memory: "4Gi", storage: "50Gi", pods: 20 },
  guard: "login",
  more: {
    /** Releases of Ollama whose models it offers, the first one's first model to somebody new. @default - all of them */
    ollama: z.array(dnsLabel).optional(),
    features: z
      .object(
        Object.fromEntries(
          librechatFeatures.map((feature) => [feature, z.boolean().default(false)]),
        ) as Record<(typeof librechatFeatures)[number], z.ZodDefault<z.ZodBoolean>>,
      )
      .strict()
      .default({}),
    mongodb: z
      .object({
        /**
         * Whether its MongoDB asks who is there. One that was first deployed without goes on without, until it has users: see "The
         * password of MongoDB" in docs/operations.md.
         */
        authentication: z.boolean().default(false),
      })
      .strict()
      .default({}),
    /** What a chat begins with, which its user may change. */
    parameters: z
      .object({
        temperature: z.number().min(0, "expected 0 to 2").max(2, "expected 0 to 2").default(0.7),
        /**
         * The longest answer, in tokens. LibreChat takes as many off the context that it lets a chat have.
         * @default - as long as the model wishes
         */
        maxTokens: z.number().int().min(1, "expected at least 1").optional(),
      })
      .strict()
      .default({}),
    /** The largest file that a user may upload, in MiB: the ingress and LibreChat refuse a larger one. */
    uploadLimitMebibytes: z
      .number()
      .int()
      .min(1, "expected 1 to 512")
      .max(512, "expected 1 to 512")
      .default(25),
  },
});

export type LibrechatSettings = z.output<typeof librechatSettings.schema>;
