import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseEnv } from "node:util";
import { credentials, type CredentialValues } from "../settings/credentials";
import { SettingsError } from "../settings/settings-error";

/** The file of an environment's credentials, relative to the repository; git ignores its folder. */
export function credentialsFile(environment: string): string {
  return `credentials/${environment}.env`;
}

/**
 * Makes credentials and writes them to a file that only its owner can read, in the form that a shell can source.
 *
 * @throws SettingsError when the file exists: its values may be in use
 */
export function generateCredentials(root: string, environment: string): void {
  const file = credentialsFile(environment);
  const lines = credentials.map(
    ({ variable, bytes }) => `export TF_VAR_${variable}=${randomBytes(bytes).toString("hex")}`,
  );
  const text = [
    `# Credentials of the environment ${environment}, made by npm run secrets -- generate. Never commit this file.`,
    ...lines,
    "",
  ].join("\n");
  fs.mkdirSync(path.join(root, path.dirname(file)), { recursive: true, mode: 0o700 });
  try {
    // wx: fails where the file exists, also when somebody else makes it at this moment.
    fs.writeFileSync(path.join(root, file), text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new SettingsError(
      `${file}: exists and is not overwritten: with other values every user is logged out and stored keys become unreadable; ` +
        "move it away first if that is what you want",
    );
  }
}

/** Where credentials came from, and what was found; values that are missing are not there. */
export interface FoundCredentials {
  readonly values: { readonly [variable: string]: string | undefined };
  /** In words, such as `credentials/minikube.env`. */
  readonly source: string;
}

/**
 * Finds an environment's credentials: the variables `TF_VAR_…` where they are set, otherwise the file.
 *
 * @param variables the process's environment
 * @throws SettingsError when others can read the file
 */
export function findCredentials(
  root: string,
  environment: string,
  variables: { readonly [name: string]: string | undefined },
): FoundCredentials {
  const file = credentialsFile(environment);
  const absolute = path.join(root, file);
  const present = fs.existsSync(absolute);
  if (present && fs.statSync(absolute).mode & 0o077) {
    throw new SettingsError(`${file}: others can read it, expected mode 600: run chmod 600 ${file}`);
  }
  const fromFile: { [name: string]: string | undefined } = present
    ? parseEnv(fs.readFileSync(absolute, "utf8"))
    : {};
  const names = credentials.map(({ variable }) => `TF_VAR_${variable}`);
  const set = names.filter((name) => variables[name]);
  const values = Object.fromEntries(
    credentials.map(({ variable }) => [
      variable,
      variables[`TF_VAR_${variable}`] || fromFile[`TF_VAR_${variable}`],
    ]),
  );
  const sources = [
    ...(set.length ? [set.length === names.length ? "the variables TF_VAR_…" : set.join(", ")] : []),
    ...(present && set.length < names.length ? [file] : []),
  ];
  return { values, source: sources.join(" and ") || "nowhere" };
}

/** {@link FoundCredentials.values} once they are known to be complete. */
export function completeCredentials({ values }: FoundCredentials): CredentialValues {
  return Object.fromEntries(credentials.map(({ variable }) => [variable, values[variable] ?? ""]));
}
