import { engineOf } from "../../settings/engine";
import type { Environment } from "../../settings/environment";

/** Why the state would be kept in clear though somebody wants it encrypted, and what to do; undefined where it would not. */
export function encryptionFault(
  { name, engine: said, state }: Pick<Environment, "name" | "engine" | "state">,
  variables: NodeJS.ProcessEnv,
): { readonly found: string; readonly fix: string } | undefined {
  const { title, program, encrypts } = engineOf(said, variables);
  const file = `environments/${name}.yaml`;
  if (encrypts) {
    if (!state.encrypted || variables.TF_ENCRYPTION) return undefined;
    return {
      found: `${file} says state.encrypted, and TF_ENCRYPTION, which says how and with which key, is not set`,
      fix: "export TF_ENCRYPTION, as README shows it",
    };
  }
  const wanted = variables.TF_ENCRYPTION ? "TF_ENCRYPTION is set" : `${file} says state.encrypted`;
  if (!variables.TF_ENCRYPTION && !state.encrypted) return undefined;
  return {
    found: `${wanted}, and ${title} (${program}) knows no encryption: it would keep the state in clear`,
    fix: `say engine: opentofu in ${file}, or do without`,
  };
}
