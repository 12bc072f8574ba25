import { deployedRelease } from "../../../../operations/diff/deployed-release";
import type { Helm, HelmRun } from "../../../../operations/helm/helm";

/** Helm as far as a release is read, with the answers of a cluster. */
function helm(answers: { history: Partial<HelmRun>; status?: (revision?: string) => object }): Helm {
  const run = (answer: Partial<HelmRun>): HelmRun => ({ exitCode: 0, stdout: "", stderr: "", ...answer });
  const inCluster = async ([command = "", ...args]: readonly string[]) => {
    if (command === "history") return run(answers.history);
    const revision = args.includes("--revision") ? args[args.indexOf("--revision") + 1] : undefined;
    return run({ stdout: JSON.stringify(answers.status?.(revision) ?? {}) });
  };
  return { inCluster } as unknown as Helm;
}

const entry = (revision: number, status: string, chart = "ollama-1.77.0") => ({
  revision,
  status,
  chart,
  description: "Upgrade complete",
});
const release = { name: "ollama", namespace: "ollama" };
const manifest = (name: string) => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`;

describe("the deployed release", () => {
  it("is the last revision that was deployed, not one that failed or hangs after it", async () => {
    const history = [
      entry(1, "superseded"),
      entry(2, "deployed", "ollama-1.42.0"),
      entry(3, "pending-upgrade"),
    ];
    const found = await deployedRelease(
      helm({
        history: { stdout: JSON.stringify(history) },
        status: (revision) => ({ manifest: manifest(`of-${revision ?? "the-newest"}`) }),
      }),
      release,
    );
    expect(found).toMatchObject({ revision: 2, status: "deployed", version: "1.42.0" });
    expect(found?.deployed.map(({ metadata }) => metadata.name)).toEqual(["of-2"]);
    expect(found?.revisions.map(({ revision, status }) => [revision, status])).toEqual([
      [3, "pending-upgrade"],
      [2, "deployed"],
      [1, "superseded"],
    ]);
  });

  it("is the newest where none was ever deployed", async () => {
    const found = await deployedRelease(
      helm({ history: { stdout: JSON.stringify([entry(1, "failed")]) }, status: () => ({}) }),
      release,
    );
    expect(found).toMatchObject({ revision: 1, status: "failed", deployed: [] });
  });

  it("has its live objects without the pods that belong to them", async () => {
    const service = { kind: "Service", metadata: { name: "ollama" } };
    const resources = { "v1/Service": [service], "v1/Pod(related)": [{ kind: "PodList", items: [] }] };
    const found = await deployedRelease(
      helm({
        history: { stdout: JSON.stringify([entry(1, "deployed")]) },
        status: () => ({ info: { resources } }),
      }),
      release,
    );
    expect(found?.live).toEqual([service]);
  });

  it("may not be there", async () => {
    const history = { exitCode: 1, stderr: "Error: release: not found" };
    expect(await deployedRelease(helm({ history }), release)).toBeUndefined();
  });

  it("fails where Helm does not answer for another reason: that is no release that is not there", async () => {
    const history = { exitCode: 1, stderr: "Error: Kubernetes cluster unreachable" };
    await expect(deployedRelease(helm({ history }), release)).rejects.toThrow(
      "helm could not read the release ollama: Error: Kubernetes cluster unreachable",
    );
  });
});
