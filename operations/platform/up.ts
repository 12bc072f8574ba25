import * as path from "node:path";
import { complete, type Completion } from "../cluster/completion";
import { connect } from "../cluster/kubeconfig";
import { kubectlCommand } from "../cluster/kubectl-command";
import { forwardToService } from "../cluster/port-forward";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { readReleases } from "../helm/read-releases";
import { ollamaReleases } from "../../applications/ollama";
import { releasesOf, namespacesOf } from "../../applications/releases";
import { mainPods, releaseUrl } from "../../applications/release-url";
import { OperationError } from "../errors/operation-error";
import { programsOf, providePrograms } from "../sandbox/programs";
import { progressStage, progressText } from "../sandbox/programs-progress";
import { startSandbox } from "../sandbox/sandbox";
import { credentialsStore } from "../secrets/credentials-store";
import { generateCredentials } from "../secrets/find-credentials";
import type { Environment } from "../../settings/environment";
import { loadSettings } from "../../applications/load-settings";
import type { Settings } from "../../settings/settings";
import { synthesize } from "../terraform/cdktf";
import { interruptible } from "../terraform/interruption";
import { stackOutputs } from "../terraform/outputs";
import { unreachableSources } from "../terraform/sources";
import { apply } from "../deploy/apply";
import { headedTable, platformRows } from "./platform-table";
import { sandboxDirectory, sandboxEnvironment } from "../sandbox/sandbox-environment";

export interface UpContext {
  readonly root: string;
  readonly variables: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  /** Runs one step, saying what it is and how long it took. */
  readonly step: <T>(title: string, work: (step: Step) => Promise<T>) => Promise<T>;
}

export interface Step {
  /**
   * What is going on at this moment.
   *
   * @param stage where lines stay, one is written for each. @default - the detail
   */
  readonly say: (detail: string, stage?: string) => void;
  /** A line that stays. */
  readonly note: (line: string) => void;
}

/** The whole platform on the embedded cluster: provides its programs, starts it, deploys to it, and asks the deployed Ollama. */
export async function up(context: UpContext): Promise<void> {
  const { root, variables, print, step } = context;
  const settings = loadSettings(root, { ...variables, ENVIRONMENT: sandboxEnvironment });
  const { environment } = settings;
  const cdktf = { root, environment: environment.name, variables };
  // A value that is not known is said at once, not after a synth.
  const programs = programsOf(variables);

  print(`${headedTable(platformRows(settings))}\n\n`);
  await step("synthesize", async () => {
    const { exitCode, errors } = await synthesize(cdktf);
    if (exitCode !== 0) throw new OperationError(errors);
  });
  const binaries = await step("programs", ({ say, note }) =>
    interruptible(note, ({ signal }) =>
      providePrograms({
        ...programs,
        signal,
        onNote: note,
        onProgress: (progress) => say(progressText(progress), progressStage(progress)),
      }),
    ),
  );
  await step("sandbox", ({ say }) =>
    startSandbox({
      directory: sandboxDirectory(root),
      binaries,
      models: ollamaReleases(releasesOf(environment)).flatMap(({ own }) => own.models),
      onProgress: say,
    }),
  );

  const missing = await step("sources of providers and charts", () =>
    unreachableSources(cdktf, settings.charts),
  );
  if (missing.length) {
    throw new OperationError(
      [
        "the sandbox runs, but nothing was deployed: what must be downloaded cannot be",
        ...missing.flatMap(({ source, reason, setting }) => [
          `${source} did not answer: ${reason}`,
          `  another place: ${setting}`,
        ]),
        "then run npm run up again",
      ].join("\n"),
    );
  }

  if (!credentialsStore(root, environment, variables)?.exists()) {
    generateCredentials(root, environment, variables);
  }
  await step("deploy", ({ say }) =>
    apply("deploy", { root, environment, variables, show: (text) => say(text.trim()) }),
  );
  const completion = await step("a completion from the deployed Ollama", () =>
    completionThroughCluster(root, environment),
  );
  print(`\n${headedTable(await summary(context, settings, completion))}\n`);
}

async function completionThroughCluster(root: string, environment: Environment): Promise<Completion> {
  const [release] = ollamaReleases(releasesOf(environment));
  if (!release)
    throw new OperationError(`environments/${environment.name}.yaml has no release of Ollama to ask`);
  const { name, namespace, application, own } = release;
  const forwarded = await forwardToService(connect(root, environment), {
    namespace,
    service: application.service(name),
    kubectl: kubectlCommand(environment),
    port: mainPods(application).port,
  });
  try {
    return await complete(`http://127.0.0.1:${forwarded.port}`, {
      model: own.models[0] ?? "",
      prompt: "Why is the sky blue?",
      maxTokens: 8,
    });
  } finally {
    forwarded.close();
  }
}

async function summary({ root, variables }: UpContext, { environment }: Settings, completion: Completion) {
  const outputs = await stackOutputs({ root, environment: environment.name, variables }, "llm-apps");
  const api = new KubernetesApi(connect(root, environment));
  const found = await readReleases(api, namespacesOf(environment));
  const releases = Object.values(outputs)
    .filter((output) => typeof output === "object" && output !== null && "version" in output)
    .map((output) => output as { name: string; namespace: string; version: string })
    .map(({ name, namespace, version }) => {
      const [newest] = found.find(([release]) => release.name === name) ?? [];
      return `${name} ${version} in ${namespace}: ${newest?.status ?? "unknown"}, revision ${newest?.revision ?? "?"}`;
    });
  const kubectl = `${path.relative(root, sandboxDirectory(root))}/bin/kubectl --kubeconfig ${environment.cluster.kubeconfig}`;
  return [
    ["releases", releases],
    [
      "answered",
      [
        `${completion.model}: ${completion.tokens} tokens, ${Math.round(completion.tokensPerSecond)} a second`,
        "  through the Kubernetes API, by a real Ollama server",
      ],
    ],
    [
      "urls",
      releasesOf(environment)
        .filter(({ own }) => own.ingress)
        .map((release) => `${releaseUrl(release).url} (no ingress controller here)`),
    ],
    [
      "simulated",
      [
        "nodes, pods, volumes and the GPU: no image is pulled, no container runs. LibreChat answers nothing. " +
          "Ollama answers through a port-forward, from a server beside the cluster, with a model of random weights.",
        "Real: the API server, scheduler, controllers, Helm, Terraform.",
      ],
    ],
    [
      "next",
      [
        `${kubectl} get pods -A`,
        `${kubectl} port-forward -n ollama svc/ollama 11434`,
        "npm run up      again, after a change",
        "npm run down    away with it",
        "npm start       the same on minikube: see README.md",
      ],
    ],
  ] as const;
}
