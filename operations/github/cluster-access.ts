import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseEnv } from "node:util";
import { OperationError } from "../errors/operation-error";

/** Variables with whole files in them, which no process below is handed. */
const contents = ["KUBECONFIG_CONTENT", "CREDENTIALS_CONTENT"];

/**
 * Gives a job access to a cluster by the secrets of its GitHub environment, as long as the work takes: the kubeconfig lies
 * in a file that only this user reads, and the credentials in variables.
 *
 * @param variables `KUBECONFIG_CONTENT` is a kubeconfig; `CREDENTIALS_CONTENT` what `npm run secrets -- generate` wrote (none:
 * the environment has them elsewhere); `RUNNER_TEMP` a directory that goes with the job
 * @param work is handed the variables of the commands that need the cluster
 * @throws OperationError where there is no kubeconfig
 */
export async function withClusterAccess<Result>(
  variables: NodeJS.ProcessEnv,
  githubEnvironment: string,
  work: (variables: NodeJS.ProcessEnv) => Promise<Result>,
): Promise<Result> {
  const { KUBECONFIG_CONTENT: kubeconfig, CREDENTIALS_CONTENT: credentials, RUNNER_TEMP } = variables;
  if (!kubeconfig?.trim()) {
    throw new OperationError(
      `KUBECONFIG_CONTENT: empty, expected a kubeconfig: add the secret KUBECONFIG to the GitHub environment ${githubEnvironment}`,
    );
  }
  const directory = fs.mkdtempSync(path.join(RUNNER_TEMP || os.tmpdir(), "llm-platform-access-"));
  const remove = (): void => fs.rmSync(directory, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    const file = path.join(directory, "kubeconfig");
    fs.writeFileSync(file, `${kubeconfig.trimEnd()}\n`, { mode: 0o600 });
    const passed = Object.fromEntries(Object.entries(variables).filter(([name]) => !contents.includes(name)));
    return await work({
      ...passed,
      ...credentialVariables(credentials ?? "", githubEnvironment),
      CLUSTER_KUBECONFIG: file,
    });
  } finally {
    remove();
    process.off("exit", remove);
  }
}

function credentialVariables(text: string, githubEnvironment: string): NodeJS.ProcessEnv {
  // parseEnv knows the word export from Node 21.7 on.
  const found = Object.entries(parseEnv(text.replace(/^\s*export\s+/gm, "")));
  const known = found.filter(([name]) => name.startsWith("TF_VAR_"));
  if (text.trim() !== "" && known.length === 0) {
    throw new OperationError(
      `CREDENTIALS_CONTENT: no variable TF_VAR_… in it, expected what npm run secrets -- generate writes: correct the secret CREDENTIALS of the GitHub environment ${githubEnvironment}`,
    );
  }
  return Object.fromEntries(known);
}
