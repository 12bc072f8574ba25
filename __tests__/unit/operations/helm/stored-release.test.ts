import { hooksOf, manifestOf, markedFailed, storedRelease } from "../../../../operations/helm/stored-release";
import { secret } from "../releases/releases";

test("a revision is read from Helm's Secret, and made by whoever wrote it first", () => {
  expect(
    storedRelease(secret({ revision: 3, status: "pending-upgrade", description: "Preparing upgrade" })),
  ).toMatchObject({
    name: "ollama",
    namespace: "ollama",
    revision: 3,
    status: "pending-upgrade",
    description: "Preparing upgrade",
    chart: "ollama",
    version: "1.77.0",
    deployedAt: new Date("2026-11-20T12:00:00Z"),
    madeBy: "terraform-provider-helm_v3.1.1_x5",
  });
});

test("its manifest is read with the release's namespace", () => {
  expect(manifestOf(storedRelease(secret({ revision: 1 })))).toEqual([
    expect.objectContaining({ kind: "ConfigMap", metadata: { name: "ollama", namespace: "ollama" } }),
  ]);
});

test("its hooks stand beside its manifest", () => {
  const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "models" } };
  const release = storedRelease(secret({ revision: 1, hooks: [job] }));
  expect(hooksOf(release)).toEqual([{ ...job, metadata: { name: "models", namespace: "ollama" } }]);
  expect(manifestOf(release)).toHaveLength(1);
});

test("one that is marked failed is so in Helm's own record and in the label that Helm looks for", () => {
  const pending = storedRelease(secret({ revision: 2, status: "pending-install" }));
  const failed = markedFailed(pending, "Unlocked");
  expect(failed.metadata.labels).toMatchObject({ status: "failed", owner: "helm", version: "2" });
  expect(storedRelease(failed)).toMatchObject({ status: "failed", description: "Unlocked", revision: 2 });
  expect(manifestOf(storedRelease(failed))).toEqual(manifestOf(pending));
});

test("fails for a Secret that is not Helm's, without a word of what it holds", () => {
  const { metadata } = secret({ revision: 1 });
  const data = { release: Buffer.from("planted").toString("base64") };
  expect(() => storedRelease({ apiVersion: "v1", kind: "Secret", metadata, data })).toThrow(
    "the Secret sh.helm.release.v1.ollama.v1 in ollama is not a release of Helm 3: look at it with helm history",
  );
});
