import type { ApplicationRelease } from "../../applications/application";
import type { OllamaSettings } from "../../applications/ollama";
import { complete } from "../cluster/completion";
import { kubectlCommand } from "../cluster/kubectl-command";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import { failed, notChecked, passed, type Verification } from "./check";
import { gpuCheck } from "./gpu";
import { modelsCheck, smallestModel } from "./models";
import { listModels, runningModels } from "./ollama-api";
import { explained, type Endpoint } from "./endpoint";

export interface OllamaChecksProps extends Endpoint {
  readonly environment: Pick<Environment, "cluster">;
  /** The release of Ollama that is asked. */
  readonly release: ApplicationRelease<OllamaSettings>;
  /** Whether its pod is on a simulated node. */
  readonly simulated: boolean;
  /** What to do when it does not answer. */
  readonly fix: string;
}

/** Asks Ollama for its models, for a completion from the smallest, and where that model is in memory. */
export async function ollamaChecks(props: OllamaChecksProps): Promise<Verification[]> {
  const { address, environment, release, simulated, fix } = props;
  const { models, gpu } = release.own;
  const kubectl = `${kubectlCommand(environment)} --namespace ${release.namespace}`;
  const deployment = `deploy/${release.application.service(release.name)}`;
  const questions = ["completion", ...(gpu.count > 0 ? ["gpu"] : [])];
  const listed = await answer(props, () => listModels(address));
  if (listed instanceof OperationError) {
    if (simulated && props.fault?.()?.includes("no forward found")) {
      return unasked(["models", ...questions], "the pod is simulated, and no server stands behind it");
    }
    return [failed("models", listed.message, fix), ...unasked(questions, "Ollama does not answer")];
  }
  const has = modelsCheck(models, listed, `${kubectl} exec ${deployment} --`);
  const model = smallestModel(models, listed);
  if (model === undefined) return [has, ...unasked(questions, "none of the environment's models is there")];

  const completion = await answer(props, () =>
    complete(address, { model, prompt: "Why is the sky blue?", maxTokens: 16 }),
  );
  if (completion instanceof OperationError) {
    return [
      has,
      failed("completion", completion.message, fix),
      ...unasked(questions.slice(1), "no model is loaded"),
    ];
  }
  const { tokens, tokensPerSecond } = completion;
  const spoke = {
    ...passed(
      "completion",
      `${model}, the smallest, wrote ${tokens} tokens, ${tokensPerSecond.toFixed(1)} a second`,
    ),
    tokensPerSecond,
  };
  const running = await answer(props, () => runningModels(address));
  if (running instanceof OperationError) return [has, spoke, failed("gpu", running.message, fix)];
  return [
    has,
    spoke,
    ...gpuCheck({
      count: gpu.count,
      model,
      running,
      simulated,
      logs: `${kubectl} logs ${deployment}`,
      runtimeClass: `applications.${release.name}.gpu.runtimeClass`,
    }),
  ];
}

function unasked(names: readonly string[], why: string): Verification[] {
  return names.map((name) => notChecked(name, why));
}

/** The answer, or the fault, with the reason that the endpoint knows in the place of a connection that broke. */
async function answer<T>(endpoint: Endpoint, question: () => Promise<T>): Promise<T | OperationError> {
  try {
    return await question();
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return explained(error, endpoint);
  }
}
