import { type Credential, type CredentialValues, given, random } from "../settings/credentials";
import type { Environment } from "../settings/environment";
import { SettingsError } from "../settings/settings-error";
import type { ApplicationCredential, ApplicationRelease } from "./application";

/** A Secret, which some pods of a release read when they start. */
export interface ReleaseSecret {
  /** Of all of an environment's: what Terraform can take for a name, such as `chat_web`. */
  readonly id: string;
  readonly release: string;
  readonly namespace: string;
  readonly name: string;
  /** Whether it is called as the platform calls its own. */
  readonly isOurName: boolean;
  /** Which pods of the release read it: a key of its application's `pods`, or of its `clients`. */
  readonly pods: string;
  /** By key: the credential, and what is made of its value. */
  readonly keys: { readonly [key: string]: SecretKey };
}

export interface SecretKey {
  readonly credential: Credential;
  readonly text: (value: string) => string;
}

/** The Secrets of a release. Where nobody reads a credential there is none. */
export function secretsOfRelease(
  environment: Pick<Environment, "name" | "credentials">,
  release: ApplicationRelease,
): readonly ReleaseSecret[] {
  const source = environment.credentials;
  const credentials = credentialsOfRelease(environment, release);
  const { pods: serving, clients = {} } = release.application;
  return [...Object.keys(serving), ...Object.keys(clients)].flatMap((pods, index) => {
    const keys = credentials.flatMap(({ credential, readBy }) =>
      Object.entries(readBy[pods] ?? {}).map(([key, text]) => [key, { credential, text }] as const),
    );
    if (keys.length === 0) return [];
    const own = `${release.name}${index === 0 ? "" : `-${pods}`}-credentials-env`;
    const name = (source.source === "secret" && source.name) || own;
    const { name: of, namespace } = release;
    return [
      {
        id: `${of.replaceAll("-", "_")}_${pods}`,
        release: of,
        namespace,
        name,
        isOurName: name === own,
        pods,
        keys: Object.fromEntries(keys),
      },
    ];
  });
}

/** The Secrets of a release, by the pods that read them. */
export function secretsByPods(
  environment: Pick<Environment, "name" | "credentials">,
  release: ApplicationRelease,
): { readonly [pods: string]: ReleaseSecret | undefined } {
  return Object.fromEntries(secretsOfRelease(environment, release).map((secret) => [secret.pods, secret]));
}

/** A Secret in words: `NAMESPACE/NAME`. */
export function secretTitle({ namespace, name }: Pick<ReleaseSecret, "namespace" | "name">): string {
  return `${namespace}/${name}`;
}

/** What a Secret holds. */
export function secretData(
  { keys }: ReleaseSecret,
  values: CredentialValues,
): { readonly [key: string]: string } {
  return Object.fromEntries(
    Object.entries(keys).map(([key, { credential, text }]) => [key, text(values[credential.variable] ?? "")]),
  );
}

/** The credentials of a release, and which of its pods read them. */
export function credentialsOfRelease(environment: Pick<Environment, "name">, release: ApplicationRelease) {
  const { name, own, application } = release;
  const builtIn = application.credentials?.(release) ?? [];
  const added = Object.entries(own.credentials).map(([key, origin]): ApplicationCredential => ({
    key,
    ...(origin === "given" && { ...given, bytes: undefined }),
  }));
  const [first = ""] = Object.keys(application.pods);
  for (const { key } of added) {
    const madeOf = builtIn.find(({ readBy }) => readBy?.[first]?.[key] !== undefined && key !== undefined);
    if (!madeOf || madeOf.key === key) continue;
    throw new SettingsError(
      `environments/${environment.name}.yaml: applications.${name}.credentials.${key}: is made of ${madeOf.key}: remove it here`,
    );
  }
  return [...builtIn, ...added].map(
    ({ key, readBy = { [first]: { [key]: (value: string) => value } }, ...said }) => {
      // By the namespace, as the data is that they are for: a release that is called otherwise keeps them.
      const { namespace } = release;
      const prefix =
        namespace === application.name ? "" : `${namespace.replace(/^(?=\d)/, "n").replaceAll("-", "_")}_`;
      const variable = `${prefix}${key.toLowerCase()}`;
      return { credential: { release: name, key, variable, ...random, ...said } as Credential, readBy };
    },
  );
}
