import * as path from "node:path";
import { engineOf } from "../../settings/engine";
import { connect } from "../cluster/kubeconfig";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { readReleases } from "../helm/read-releases";
import { releasesOf, namespacesOf } from "../../applications/releases";
import { mainPods, releaseUrl } from "../../applications/release-url";
import { OperationError } from "../errors/operation-error";
import { programsOf, providePrograms } from "../sandbox/programs";
import { startSandbox } from "../sandbox/sandbox";
import { generateCredentials } from "../secrets/find-credentials";
import { loadSettings } from "../../applications/load-settings";
import type { Settings } from "../../settings/settings";
import { synthesize } from "../terraform/cdktf";
import { interruptible } from "../terminal/interruption";
import { unreachableSources } from "../terraform/sources";
import type { Progress } from "../terminal/progress";
import { textReport } from "../verify/report";
import { allPassed, type Verification } from "../verify/verification";
import { verify } from "../verify/verify";
import { apply } from "../deploy/apply";
import { headedTable, platformRows } from "./platform-table";
import { sandboxDirectory, sandboxEnvironment } from "../sandbox/sandbox-environment";

export interface UpContext {
  readonly root: string;
  readonly variables: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  /** Runs one step, saying what it is and how long it took. */
  readonly step: <T>(title: string, work: (progress: Progress) => Promise<T>) => Promise<T>;
}

/** The whole platform on the embedded cluster: provides its programs, starts it, deploys to it, and asks what was deployed. */
export async function up(context: UpContext): Promise<void> {
  const { root, variables, print, step } = context;
  const settings = loadSettings(root, { ...variables, ENVIRONMENT: sandboxEnvironment });
  const { environment } = settings;
  const cdktf = { root, environment, variables };
  // A value that is not known is said at once, not after a synth.
  const programs = programsOf(variables);

  print(`${headedTable(platformRows(settings))}\n\n`);
  await step("synthesize", () => synthesize(cdktf));
  const binaries = await step("programs", ({ line, status }) =>
    interruptible(line, ({ signal }) =>
      providePrograms({ ...programs, signal, onNote: line, onProgress: status }),
    ),
  );
  await step("sandbox", ({ status }) =>
    startSandbox({
      directory: sandboxDirectory(root),
      binaries,
      models: releasesOf(environment).flatMap(({ application, own }) => application.models?.(own) ?? []),
      onProgress: status,
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

  generateCredentials(root, environment, variables);
  await step("deploy", ({ status }) =>
    apply({ root, environment, variables, progress: { line: status, status } }),
  );
  const checks = await step("verify", () => verifyDeployed(context, settings));
  print(`\n${headedTable(await summary(context, settings, checks))}\n`);
}

/** @throws OperationError with every answer, where one is not as it should be */
async function verifyDeployed({ root }: UpContext, { environment }: Settings): Promise<Verification[]> {
  const checks = await verify({ root, environment });
  if (!allPassed(checks)) throw new OperationError(textReport(checks, environment.name).trimEnd());
  return checks;
}

async function summary(
  { root, variables }: UpContext,
  { environment }: Settings,
  checks: readonly Verification[],
) {
  const api = new KubernetesApi(connect(root, environment));
  const found = await readReleases(api, namespacesOf(environment));
  const releases = found.map(
    ([{ name, version, namespace, status, revision }]) =>
      `${name} ${version} in ${namespace}: ${status}, revision ${revision}`,
  );
  const kubectl = `${path.relative(root, sandboxDirectory(root))}/bin/kubectl --kubeconfig ${environment.cluster.kubeconfig}`;
  return [
    ["releases", releases],
    ...(["passed", "not checked"] as const).map(
      (result) =>
        [
          result,
          checks.filter((check) => check.result === result).map(({ name, found }) => `${name}: ${found}`),
        ] as const,
    ),
    [
      "urls",
      releasesOf(environment)
        .filter(({ own }) => own.ingress)
        .map((release) => `${releaseUrl(release).url} (no ingress controller here)`),
    ],
    [
      "simulated",
      [
        "nodes, pods, volumes and the GPU: no image is pulled, no container runs. What answers, through a port-forward, " +
          "is a server beside the cluster, with a model of random weights.",
        `Real: the API server, scheduler, controllers, Helm, ${engineOf(environment.engine, variables).title}.`,
      ],
    ],
    [
      "next",
      [
        `${kubectl} get pods -A`,
        ...releasesOf(environment)
          .filter(({ name }) => checks.some(({ release, result }) => release === name && result === "passed"))
          .map(
            ({ name, namespace, application }) =>
              `${kubectl} port-forward -n ${namespace} svc/${application.service(name)} ${mainPods(application).port}`,
          ),
        "npm run up      again, after a change",
        "npm run down    away with it",
        "npm start       the same on minikube: see README.md",
      ],
    ],
  ] as const;
}
