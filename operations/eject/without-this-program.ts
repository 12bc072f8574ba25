import { isMap } from "../../settings/yaml-file";
import type { Body } from "./hcl";
import type { StackConfiguration } from "./stack-configuration";

/** A stack without CDKTF's notes on it, and without advice that only this program could follow. */
export function withoutThisProgram(stack: StackConfiguration): StackConfiguration {
  const { data = {} } = stack;
  const { kubernetes_resources: { deployed_namespaces: deployed, ...others } = {} } = data;
  const told = deployed && { deployed_namespaces: { ...deployed, lifecycle: lost(deployed) } };
  const plain = {
    ...stack,
    ...(told && { data: { ...data, kubernetes_resources: { ...others, ...told } } }),
  };
  return cleaned(plain) as StackConfiguration;
}

/** The condition stays, and with it the words for what would be lost. */
function lost({ lifecycle }: Body): object {
  const { postcondition } = lifecycle as { postcondition: readonly { condition: string }[] };
  return {
    postcondition: postcondition.map(({ condition }) => ({
      condition,
      error_message: `data would be lost: the namespaces \${join(", ", ${condition.replace(/^\$\{length\((.*)\) == 0\}$/, "$1")}[*].metadata.name)} are in the cluster, and in this configuration no more. Bring them back, or take this condition away to delete them.`,
    })),
  };
}

/** Comments of JSON go, and of what is said to people the part of a sentence that names a command of `npm run`. */
function cleaned(value: unknown, name?: string): unknown {
  if (Array.isArray(value)) return value.map((item) => cleaned(item));
  if (isMap(value)) {
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, inner]) => (key === "//" ? [] : [[key, cleaned(inner, key)]])),
    );
  }
  const isSaid = typeof value === "string" && (name === "description" || name === "error_message");
  return isSaid ? value.replace(/[;.] [^;.]*\bnpm run [^;.]*$/, "") : value;
}
