import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { OperationError } from "../errors/operation-error";
import { waitForPorts } from "./ports";
import { endProcesses, processesOf } from "./processes";
import { SandboxDirectory, SandboxPorts } from "./sandbox-directory";
import { listedModel } from "../../applications/ollama/model-name";
import { tinyModel } from "./tiny-model";

const START_SECONDS = 20;
const REQUEST_MILLISECONDS = 30_000;

/**
 * Starts the Ollama server unless it runs, and gives it the models.
 *
 * @param models names under which the tiny model is to be had, e.g. `["tiny", "llama2:7b"]`; models
 * that it has already stay
 * @throws OperationError when the server does not answer or refuses a model; it names the log file
 */
export async function startModelServer(
  directory: SandboxDirectory,
  ports: SandboxPorts,
  models: readonly string[],
): Promise<void> {
  if (!(await modelServerAnswers(ports))) {
    await launch(directory, ports);
  }
  await createModels(directory, ports, models);
}

/** Whether an Ollama server answers on the sandbox's port. */
export async function modelServerAnswers(ports: SandboxPorts): Promise<boolean> {
  try {
    const response = await fetch(`${modelServerUrl(ports)}/api/version`, {
      signal: AbortSignal.timeout(2000),
    });
    return response.ok;
  } catch {
    return false;
  }
}

/** Where the server listens, e.g. `http://127.0.0.1:21045`. */
export function modelServerUrl(ports: SandboxPorts): string {
  return `http://127.0.0.1:${ports.ollama}`;
}

async function launch(directory: SandboxDirectory, ports: SandboxPorts): Promise<void> {
  // One that runs but does not answer holds the port.
  await endProcesses(async () => {
    const processes = await processesOf(directory.path);
    return processes.filter(({ command }) => isModelServer(command));
  });
  await waitForPorts([ports.ollama]);
  await mkdir(directory.home, { recursive: true });
  const logFile = openSync(directory.modelServerLog, "a", 0o600);
  // Not through execa: this process outlives us, with its output in a file.
  const server = spawn(path.join(directory.bin, "ollama"), ["serve"], {
    cwd: directory.path,
    env: {
      ...directory.environment,
      OLLAMA_HOST: `127.0.0.1:${ports.ollama}`,
      OLLAMA_MODELS: directory.models,
      OLLAMA_NUM_PARALLEL: "1",
      OLLAMA_MAX_LOADED_MODELS: "1",
      // Models are files in the sandbox's directory; what the server does not know it shall not delete.
      OLLAMA_NOPRUNE: "1",
      OLLAMA_NOHISTORY: "1",
    },
    detached: true,
    stdio: ["ignore", logFile, logFile],
  });
  closeSync(logFile);
  let failure: string | undefined;
  server.once("error", (error) => (failure = error.message));
  server.once("exit", (code, signal) => (failure = `it ended with ${signal ?? `exit code ${code}`}`));
  server.unref();

  const deadline = performance.now() + START_SECONDS * 1000;
  while (failure === undefined && performance.now() < deadline) {
    if (await modelServerAnswers(ports)) {
      server.removeAllListeners();
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const log = await readFile(directory.modelServerLog, "utf8").catch(() => "");
  throw new OperationError(
    `the sandbox's model server did not start: ${failure ?? `no answer on ${modelServerUrl(ports)} in ${START_SECONDS} s`}\n` +
      `${log.trim().split("\n").slice(-3).join("\n")}\nits log is ${directory.modelServerLog}`,
  );
}

/**
 * Whether a process of a sandbox is its model server, or what holds a model for it.
 *
 * @param command such as `…/ollama serve` or `…/ollama runner --model …`
 */
export function isModelServer(command: string): boolean {
  return /^.*\/ollama (serve|runner)\b/.test(command);
}

async function createModels(
  directory: SandboxDirectory,
  ports: SandboxPorts,
  models: readonly string[],
): Promise<void> {
  const url = modelServerUrl(ports);
  const tags = (await (await fetch(`${url}/api/tags`)).json()) as { models: { name: string }[] | null };
  const existing = new Set(tags.models?.map(({ name }) => name));
  const missing = models.filter((name) => !existing.has(listedModel(name)));
  if (missing.length === 0) return;

  const post = async (task: string, path: string, body: RequestInit["body"]): Promise<void> => {
    const signal = AbortSignal.timeout(REQUEST_MILLISECONDS);
    const response = await fetch(`${url}${path}`, { method: "POST", body, signal });
    const answer = await response.text();
    if (response.ok && !answer.includes('"error"')) return;
    throw new OperationError(
      `the sandbox's model server did not ${task}: ${response.status} ${answer}; its log is ${directory.modelServerLog}`,
    );
  };
  const file = tinyModel();
  const digest = `sha256:${createHash("sha256").update(file).digest("hex")}`;
  await post("take the model file", `/api/blobs/${digest}`, new Uint8Array(file));
  for (const model of missing) {
    const files = { "tiny.gguf": digest };
    // It never ends by itself: it knows no end of text. And no GPU is worth waking for it.
    const parameters = { num_predict: 24, num_ctx: 512, num_gpu: 0 };
    const definition = JSON.stringify({ model, files, parameters, stream: false });
    await post(`create the model "${model}"`, "/api/create", definition);
  }
}
