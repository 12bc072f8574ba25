import type { Variables, CredentialsStore } from "./stored-credentials";
import type { Environment } from "../../settings/environment";
import { CredentialsFile } from "./credentials-file";
import { SopsFile } from "./sops-file";

/** As much of an environment as says where its credentials are. */
export type CredentialsEnvironment = Pick<Environment, "name" | "credentials">;

/** Where this repository holds an environment's credentials, or undefined where somebody else does. */
export function credentialsStore(
  root: string,
  { name, credentials }: CredentialsEnvironment,
  variables: Variables,
): CredentialsStore | undefined {
  switch (credentials.source) {
    case "file":
      return new CredentialsFile(root, name);
    case "sops":
      return new SopsFile(root, credentials.file ?? `environments/${name}.sops.env`, variables);
    case "secret":
      return undefined;
  }
}
