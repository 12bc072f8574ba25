import { given } from "../../settings/credentials";
import type { ApplicationCredential, ApplicationRelease } from "../application";
import { bucketCredentials } from "./backup";
import type { LibrechatSettings } from "./settings";

/** Name of the database, and of the user who may read and write it alone. */
export const database = "LibreChat";
export const databaseUser = "librechat";

const same = (value: string): string => value;

/** What stands in an address as it is. */
const password = {
  pattern: "^[A-Za-z0-9_.-]{16,256}$",
  allowed: "16 to 256 characters of A-Z a-z 0-9 _ . -",
  bytes: 32,
};

/**
 * LibreChat reads the first five, and its Meilisearch the last of these.
 *
 * MongoDB keeps its passwords in its data, and takes them from its Secret at its first start alone.
 *
 * @see https://www.librechat.ai/toolkit/creds_generator
 */
export function librechatCredentials({
  name,
  namespace,
  own,
}: ApplicationRelease<LibrechatSettings>): readonly ApplicationCredential[] {
  const service = name.includes("mongodb") ? name : `${name}-mongodb`;
  const address = (secret: string): string =>
    `mongodb://${databaseUser}:${secret}@${service}.${namespace}.svc.cluster.local:27017/${database}`;
  const keptElsewhere = `MongoDB keeps it in its data: see "The password of MongoDB" in docs/operations.md`;
  return [
    { key: "JWT_SECRET", whenReplaced: "open pages get a new token by themselves" },
    { key: "JWT_REFRESH_SECRET", whenReplaced: "every user must log in again" },
    // AES-256 key and initialization vector: LibreChat takes them as hexadecimal, of exactly these lengths.
    {
      key: "CREDS_KEY",
      pattern: "^[0-9a-fA-F]{64}$",
      allowed: "64 hexadecimal digits",
      whenReplaced: "users must enter their API keys again, and set up two-factor login again",
      encrypts: "the API keys that users stored, the credentials of their tools and two-factor logins",
    },
    {
      key: "CREDS_IV",
      pattern: "^[0-9a-fA-F]{32}$",
      allowed: "32 hexadecimal digits",
      bytes: 16,
      whenReplaced: "users must enter their API keys again",
      encrypts: "the API keys that users stored and the credentials of their tools",
    },
    {
      key: "MEILI_MASTER_KEY",
      whenReplaced: "nobody notices: the search keeps its index",
      readBy: { web: { MEILI_MASTER_KEY: same }, meilisearch: { MEILI_MASTER_KEY: same } },
    },
    ...(own.login.openid
      ? [
          {
            key: "OPENID_CLIENT_SECRET",
            ...given,
            bytes: undefined,
            whenReplaced: "nobody notices, once the issuer has it too",
          },
          { key: "OPENID_SESSION_SECRET", whenReplaced: "who is logging in at that moment begins anew" },
        ]
      : []),
    ...(own.backup?.s3
      ? bucketCredentials.map(({ key, variable }) => ({
          key,
          ...given,
          bytes: undefined,
          whenReplaced: "nobody notices, once the bucket's server has it too",
          readBy: { backup: { [variable]: same } },
        }))
      : []),
    ...(own.mongodb.authentication
      ? [
          {
            key: "MONGODB_PASSWORD",
            ...password,
            keptElsewhere,
            readBy: { web: { MONGO_URI: address }, mongodb: { "mongodb-passwords": same } },
          },
          {
            key: "MONGODB_ROOT_PASSWORD",
            ...password,
            keptElsewhere,
            readBy: { mongodb: { "mongodb-root-password": same } },
          },
        ]
      : []),
  ];
}
