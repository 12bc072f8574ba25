import { releaseTimeout } from "../../applications/release-timeout";
import type { Environment } from "../../settings/environment";
import type { KubeConfig } from "@kubernetes/client-node";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { notReadyReasons } from "../cluster/not-ready";
import { reasonLine, reasonLines } from "../cluster/not-ready-reason";
import { watchRelease } from "../cluster/release-watch";
import type { Helm } from "../helm/helm";
import { OperationError } from "../errors/operation-error";
import { InterruptedError } from "../errors/interrupted-error";
import type { Interruption } from "../terminal/interruption";
import { readReleases, secretPath } from "../helm/read-releases";
import { markedFailed } from "../helm/stored-release";

export interface HelmRollbackProps {
  readonly environment: Environment;
  readonly helm: Helm;
  readonly connection: KubeConfig;
  readonly interruption: Interruption;
  readonly release: string;
  readonly namespace: string;
  readonly revision: number;
  /** Hides secrets in what Helm and the pods say. */
  readonly mask: (text: string) => string;
}

/**
 * Goes back to a revision of a release and waits until its pods are ready.
 *
 * @throws InterruptedError when a signal stopped it
 * @throws OperationError with what is not ready, and why, when they do not become ready in the release's time, or
 * cannot by waiting
 */
export async function helmRollback(props: HelmRollbackProps): Promise<void> {
  const { environment, helm, connection, interruption, release, namespace, revision, mask } = props;
  // What was stopped before it began needs no beginning.
  await interruption.orInterrupted(Promise.resolve());
  let stop = (): void => undefined;
  let givenUp = false;
  const watch = watchRelease(
    connection,
    { name: release, namespace },
    {
      onRollout: () => undefined,
      onIncurable: (findings) => {
        if (givenUp || findings.length === 0 || !environment.deploy.failFast) return;
        givenUp = true;
        stop();
      },
    },
  );
  const running = helm.inCluster(
    [
      ...["rollback", release, String(revision), "--namespace", namespace],
      ...["--wait", "--timeout", `${releaseTimeout(environment, release)}s`, "--history-max", "10"],
    ],
    { started: (kill) => (stop = kill) },
  );
  const { exitCode, stderr } = await interruption
    .passOn({ name: "helm", interrupt: () => stop() }, running)
    .finally(watch.end);
  if (exitCode === 0) return;
  if (interruption.signal.aborted) {
    await markFailed(connection, release, namespace, "Rollback interrupted");
    throw new InterruptedError(
      `interrupted: release ${release} is between two revisions and marked as failed; go on with npm run rollback -- ${release} ${revision}`,
    );
  }
  // What Helm says is that something took too long; why, the pods say.
  const reasons = await notReadyReasons(connection, namespace, mask).catch(() => []);
  const [first] = reasons;
  const found = first && `${release}: ${reasonLine(first)}`;
  if (givenUp) {
    await markFailed(
      connection,
      release,
      namespace,
      `Given up, since waiting does not make it ready: ${found}`,
    );
  }
  throw new OperationError(
    [
      givenUp
        ? `release ${release} was given up at revision ${revision}, since waiting does not make it ready (deploy.failFast):`
        : `release ${release} did not become ready at revision ${revision}: ${mask(helmWords(stderr))}`,
      ...reasons.flatMap(reasonLines).map((line) => `  ${line}`),
    ].join("\n"),
    { ...(found && { found }) },
  );
}

/** Helm's rollback ends without a word when it is told to stop, and leaves the release pending. */
async function markFailed(
  connection: KubeConfig,
  release: string,
  namespace: string,
  why: string,
): Promise<void> {
  const api = new KubernetesApi(connection);
  const [newest] = (await readReleases(api, [namespace])).find(([{ name }]) => name === release) ?? [];
  if (newest?.status !== "pending-rollback") return;
  await api.replace(secretPath(newest), markedFailed(newest, why));
}

/** Helm's last error; before it stand warnings of the API server. */
function helmWords(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const error = lines.find((line) => line.startsWith("Error:")) ?? lines.at(-1) ?? "no reason given";
  return error.replace(/^Error: /, "").trim();
}
