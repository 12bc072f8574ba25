import execa from "execa";
import { environmentNames } from "../../applications/load-environment";
import type { Clone } from "../clone";
import { cloneWithCluster } from "../cluster/cluster";
import { repository, sampleRepository } from "../unit/sample-repository";
import { objectsIn, ofKind, renderedManifests } from "./rendered-objects";

jest.setTimeout(60_000);

const applications = ["ollama", "librechat"] as const;
const everyRelease = environmentNames(repository).flatMap((name) =>
  applications.map((application) => [name, application] as const),
);

let clone: Clone;
beforeAll(async () => {
  clone = await cloneWithCluster();
  // An object is refused where its namespace is not there.
  for (const namespace of applications) await clone.kubectl("create", "namespace", namespace);
}, 600_000);
afterAll(() => clone.remove());

/** What the API server says of manifests that it would take: nothing is kept, and an unknown field is refused. */
async function dryRun(namespace: string, manifests: string) {
  const { exitCode, all } = await execa(
    process.env.KUBECTL ?? "kubectl",
    [
      ...["--kubeconfig", clone.file(".sandbox/kubeconfig"), "--namespace", namespace],
      ...["apply", "--server-side", "--dry-run=server", "--validate=strict", "--filename=-"],
    ],
    { input: manifests, all: true, reject: false },
  );
  return { exitCode, lines: (all ?? "").split("\n") };
}

const taken = /serverside-applied \(server dry run\)$/;

test.each(everyRelease)("%s: the API server knows every field of %s", async (environment, application) => {
  const manifests = await renderedManifests(environment, application);
  const { exitCode, lines } = await dryRun(application, manifests);
  expect(lines.filter((line) => !taken.test(line))).toEqual([]);
  expect(lines).toHaveLength(manifests.match(/^kind: /gm)?.length ?? 0);
  expect(exitCode).toBe(0);
  expect(await clone.list("deployments,services", "-n", application)).toEqual([]);
});

test("fails for a field that Kubernetes does not have, in every object that has it, and names it", async () => {
  const manifests = await renderedManifests("sandbox", "librechat");
  const misspelt = manifests.replaceAll(/^( +)resources:$/gm, "$1resuorces:");
  const { exitCode, lines } = await dryRun("librechat", misspelt);
  expect(exitCode).toBe(1);
  for (const workload of ["librechat-librechat", "librechat-mongodb", "librechat-meilisearch"]) {
    expect(lines.filter((line) => taken.test(line) && line.includes(`.apps/${workload} `))).toEqual([]);
    expect(lines.join("\n")).toContain(`(librechat/${workload}; apps/v1, Kind=`);
  }
  expect(lines.join("\n")).toMatch(/\.resuorces: field not declared in schema/);
});

test("the pods of backups to a bucket are let in under Pod Security restricted", async () => {
  const sample = sampleRepository();
  const backup =
    'backup: { schedule: "@daily", s3: { endpoint: "http://minio:9000", bucket: chat }, recipients: [age1eq2qmrc26kd5qnwe2jc8e8qwk2v6mma7nyfxfkt37aec4z2vsdqqzy02zu] }';
  sample.edit("environments/sandbox.yaml", "  librechat:\n", `  librechat:\n    ${backup}\n`);
  const manifests = await renderedManifests("sandbox", "librechat", sample.root);
  const { lines } = await dryRun("librechat", manifests);
  expect(lines.filter((line) => !taken.test(line))).toEqual([]);
  const [cronJob] = ofKind(objectsIn(manifests), "CronJob");
  const { spec } = cronJob?.spec.jobTemplate.spec.template;
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "backup" }, spec };
  await clone.kubectl("create", "namespace", "closed");
  await clone.kubectl("label", "namespace", "closed", "pod-security.kubernetes.io/enforce=restricted");
  await clone.kubectl(
    "wait",
    "--for=create",
    "serviceaccount/default",
    "--namespace=closed",
    "--timeout=30s",
  );
  expect((await dryRun("closed", JSON.stringify(pod))).lines).toEqual([expect.stringMatching(taken)]);
});
