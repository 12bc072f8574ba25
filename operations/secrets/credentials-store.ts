import type { CredentialsStore } from "./stored-credentials";
import { credentialsOf, type CredentialsEnvironment, secretsOf } from "../../applications/credentials";
import { secretTitle } from "../../applications/release-secrets";
import { CredentialsFile } from "./credentials-file";
import { SopsFile } from "./sops-file";

/** Where this repository holds an environment's credentials, or undefined where somebody else does. */
export function credentialsStore(
  root: string,
  environment: CredentialsEnvironment,
  variables: NodeJS.ProcessEnv,
): CredentialsStore | undefined {
  const { name, credentials } = environment;
  switch (credentials.source) {
    case "file":
      return new CredentialsFile(root, name);
    case "sops":
      return new SopsFile(
        root,
        credentials.file ?? `environments/${name}.sops.env`,
        credentialsOf(environment),
        variables,
      );
    case "secret":
      return undefined;
  }
}

/** Who fills an environment's Secrets, in words. */
export function managedElsewhere(environment: CredentialsEnvironment): string {
  const ids = [...new Set(secretsOf(environment).map(secretTitle))];
  return `credentials.source in environments/${environment.name}.yaml is secret: somebody else fills ${ids.join(", ")}`;
}
