import { z } from "zod";
import { names } from "../../settings/kubernetes-names";
import { schedule } from "../../settings/schedule";
import { releaseSettings } from "../application";
import { type LibrechatFeature, librechatFeatures } from "./features";
import { recipient } from "./recipient";

/** What rclone takes for the address of a bucket, in this project: it stands in a template of Helm's. */
const bucket = z
  .object({
    endpoint: z
      .string()
      .regex(/^https?:\/\/[a-z0-9.-]+(:\d+)?$/, "expected an address, such as https://minio.example.com:9000")
      .optional()
      .describe("Address of the server. Default: Amazon's of the region."),
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "expected the name of a bucket, such as chat-backups")
      .describe("Name of the bucket, which must be there."),
    region: z
      .string()
      .regex(/^[a-z0-9-]+$/, "expected a region, such as eu-central-1")
      .default("us-east-1")
      .describe("Its region, as the server calls it."),
    prefix: z
      .string()
      .regex(/^[\w.-]+(\/[\w.-]+)*$/, "expected a path without / at either end, such as backups/chat")
      .optional()
      .describe(
        "Where in it they go; the schedule deletes its oldest there and nothing else. Default: ENVIRONMENT/RELEASE.",
      ),
    image: z
      .string()
      .regex(/^[\w.:/@-]+$/, "expected an image, such as registry.example.com/rclone:1.76.0")
      .optional()
      .describe(
        "Image with rclone and cp, by its digest where the environment demands digests. Default: rclone's own.",
      ),
  })
  .strict();

const known = releaseSettings({
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
  moreStorage: {
    backups:
      "backups that its schedule makes. Default: 5Gi where it has a schedule and no bucket, and otherwise none.",
  },
  subPaths: ["images", "uploads", "database"],
  quota: { cpu: "4", memory: "4Gi", storage: "50Gi", pods: 20 },
  guard: "login",
  more: {
    ollama: z
      .array(names.release)
      .optional()
      .describe(
        "Releases of Ollama whose models it offers, the first one's first model to somebody new. Default: all of them.",
      ),
    features: z
      .object(
        Object.fromEntries(
          Object.entries(librechatFeatures).map(([feature, what]) => [
            feature,
            z.boolean().default(false).describe(what),
          ]),
        ) as Record<LibrechatFeature, z.ZodDefault<z.ZodBoolean>>,
      )
      .strict()
      .default({})
      .describe(
        "Parts of LibreChat that need more than this platform has by itself, and whether it offers them.",
      ),
    login: z
      .object({
        registration: z
          .boolean()
          .default(true)
          .describe("Whether the page lets anybody register. npm run users makes users where it does not."),
        emailDomains: z
          .array(
            z
              .string()
              .regex(
                /^[a-z0-9-]+(\.[a-z0-9-]+)+$/,
                "expected a domain in small letters, such as example.com",
              ),
          )
          .min(1, "expected at least one")
          .optional()
          .describe("Domains of the addresses that may log in, and no others. Default: all."),
        openid: z
          .object({
            issuer: z
              .string()
              .url("expected an address, such as https://login.example.com/realms/staff")
              .refine(
                (address) => /^https:\/\/[^?#@]*$/.test(address),
                "expected an address that begins with https:// and has none of ?, # and @",
              )
              .describe("Address of who says who somebody is, as its discovery document names it."),
            clientId: z
              .string()
              .min(1, "expected the name of a client")
              .describe(
                "Name under which LibreChat is known there. Its secret is the credential OPENID_CLIENT_SECRET.",
              ),
          })
          .strict()
          .optional()
          .describe("Login through OpenID Connect. Default: by LibreChat's own passwords alone."),
      })
      .strict()
      .default({})
      .describe("Who may log in, and how."),
    mongodb: z
      .object({
        authentication: z
          .boolean()
          .default(false)
          .describe(
            'Whether it asks for a password. One that was first deployed without goes on without, until it has users: see "The password of MongoDB" in docs/operations.md.',
          ),
      })
      .strict()
      .default({})
      .describe("Its database."),
    backup: z
      .object({
        schedule: schedule.describe("When a backup is made, in UTC, as cron writes it."),
        keep: z
          .number()
          .int()
          .min(1, "expected at least 1")
          .default(7)
          .describe("How many of them stay: the oldest go."),
        recipients: z
          .array(recipient)
          .min(1, "expected at least one")
          .optional()
          .describe(
            "Public keys of age for which backups are encrypted, so that who has the key of one of them, and nobody else, reads them: age-keygen makes a pair. Default: they are not encrypted.",
          ),
        s3: bucket.optional().describe("The bucket that they go to. Default: into the claim backups."),
      })
      .strict()
      .optional()
      .describe("Backups by themselves. Default: none but those of npm run backup."),
    parameters: z
      .object({
        temperature: z
          .number()
          .min(0, "expected 0 to 2")
          .max(2, "expected 0 to 2")
          .default(0.7)
          .describe("How much chance is in an answer: 0 to 2."),
        maxTokens: z
          .number()
          .int()
          .min(1, "expected at least 1")
          .optional()
          .describe(
            "The longest answer, in tokens. LibreChat takes as many off the context that it lets a chat have. Default: as long as the model wishes.",
          ),
      })
      .strict()
      .default({})
      .describe("What a chat begins with, which its user may change."),
    uploadLimitMebibytes: z
      .number()
      .int()
      .min(1, "expected 1 to 512")
      .max(512, "expected 1 to 512")
      .default(25)
      .describe(
        "The largest file that a user may upload, in MiB: the ingress and LibreChat refuse a larger one.",
      ),
  },
});

/** What an environment may say of LibreChat. */
export const librechatSettings = {
  guard: known.guard,
  schema: known.schema.transform((own) => {
    const backups = own.backup && !own.backup.s3 ? { backups: "5Gi" } : {};
    return { ...own, storage: { ...backups, ...own.storage } as { readonly [claim: string]: string } };
  }),
};

export type LibrechatSettings = z.output<typeof librechatSettings.schema>;
