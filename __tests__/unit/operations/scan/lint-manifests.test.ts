import * as fs from "node:fs";
import * as path from "node:path";
import { loadEnvironment } from "../../../../applications/load-environment";
import { OperationError } from "../../../../operations/errors/operation-error";
import { policiesOf } from "../../../../operations/scan/deployed-objects";
import { faultsIn, loadSwitchedOff, type SwitchedOff } from "../../../../operations/scan/findings";
import { lintManifests } from "../../../../operations/scan/lint-manifests";
import { scanners } from "../../../../operations/scan/scanners";
import { repository, temporaryDirectory } from "../../sample-repository";
import { platformOf } from "../../synthesize-platform";

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" } };

/** A scanner of a test's own, whose program answers as `script` says. */
async function lint(script: string, switchedOff: SwitchedOff = {}, deployed = () => Promise.resolve([pod])) {
  const bin = temporaryDirectory();
  const answer = 'if [ "$1" = --version ]; then echo scanner 1.2.3; exit; fi; for file; do :; done';
  fs.writeFileSync(path.join(bin, "scanner"), `#!/bin/sh\n${answer}\n${script}\n`, { mode: 0o755 });
  const said: string[] = [];
  const failure = await lintManifests({
    root: repository,
    variables: { PATH: `${bin}${path.delimiter}${process.env.PATH}` },
    deployed,
    say: (line) => said.push(line),
    use: [
      {
        ...{ name: "scanner", version: "1.2.3", fetched: [], arguments: [] },
        findings: (output) => JSON.parse(output) as never,
      },
    ],
    switchedOff,
  }).then(
    () => "",
    (error: unknown) => (error instanceof OperationError ? error.message : Promise.reject(error as Error)),
  );
  return { said: said.join("\n"), failure };
}

const finding = `echo '[{ "check": "c", "object": "Pod/a", "text": "t" }]'`;

test("what a scanner finds fails it, once for all environments, and what is switched off does not", async () => {
  expect(await lint(finding)).toEqual({
    said: "scanner 1.2.3: \nPod/a: t (c)",
    failure:
      "scanner: faults in what is deployed: see above; mend them, or switch them off with a reason in applications/findings.yaml",
  });
  const { said, failure } = await lint(finding, { scanner: { c: [{ reason: "a reason of its own" }] } });
  expect([failure, said]).toEqual([
    "",
    expect.stringMatching(/^scanner 1\.2\.3: \d environments, .* no fault$/),
  ]);
});

test("each environment is handed over whole, and no cluster that happens to be there", async () => {
  const { said } = await lint('[ -e "$KUBECONFIG" ] || grep -q "name: a" "$file" && echo "[]"');
  expect(said).toContain("no fault");
});

test("a scanner that gives no answer fails it with what it says", async () => {
  const { failure } = await lint("echo no such flag >&2; exit 1");
  expect(failure).toBe("scanner 1.2.3: no such flag");
});

test("a machine that cannot render is no failure, and is told", async () => {
  const { said, failure } = await lint(finding, {}, () => Promise.reject(new OperationError("no charts")));
  expect([failure, said]).toEqual([
    "",
    expect.stringMatching(/^skipped: .* cannot be rendered here: no charts$/),
  ]);
});

test("what is switched off is so for the objects that it names, and is told where it is found no more", () => {
  const found = [{ check: "c", object: "Pod/a", text: "t" }];
  const off = (objects: string[]) => ({ scanner: { c: [{ objects, reason: "a reason of its own" }] } });
  expect(faultsIn("scanner", found, off(["Pod/a"]))).toEqual([]);
  expect(faultsIn("scanner", found, off(["Pod/b"]))).toEqual([
    "Pod/a: t (c)",
    "applications/findings.yaml: scanner.c: is switched off of Pod/b, and found nowhere: remove it",
  ]);
});

test("every finding that stays has a reason, and is of a scanner that is there", () => {
  const names = scanners.map(({ name }) => name);
  expect(Object.keys(loadSwitchedOff(repository)).filter((name) => !names.includes(name))).toEqual([]);
  const root = temporaryDirectory();
  fs.mkdirSync(path.join(root, "applications"));
  fs.writeFileSync(
    path.join(root, "applications/findings.yaml"),
    "kube-score: { c: [{ reason: because }] }\n",
  );
  expect(() => loadSwitchedOff(root)).toThrow(/kube-score\.c\[0\]\.reason: expected a reason of at least 15/);
});

test("kube-score's answer is read: what has not every point, and is not skipped", () => {
  const [kubeScore] = scanners;
  const check = (id: string, grade: number, skipped = false) => ({
    ...{ check: { id }, grade, skipped },
    comments: [{ path: "main", summary: "CPU limit is not set" }],
  });
  const answer = [
    {
      type_meta: { kind: "Deployment" },
      object_meta: { name: "chat" },
      checks: [check("container-resources", 1), check("good", 10), check("off", 1, true)],
    },
  ];
  expect(kubeScore?.findings(JSON.stringify(answer))).toEqual([
    { check: "container-resources", object: "Deployment/chat", text: "main: CPU limit is not set" },
  ]);
});

test("kubeconform's answer is read, and without its schemas it could not look", () => {
  const [, kubeconform] = scanners;
  const answer = (status: string, msg: string) =>
    JSON.stringify({ resources: [{ kind: "Pod", name: "a", version: "v1", status, msg }] });
  const invalid = answer("statusInvalid", "additional properties 'x' not allowed");
  expect(kubeconform?.findings(invalid)).toEqual([
    { check: "schema", object: "Pod/a", text: "additional properties 'x' not allowed" },
  ]);
  expect(kubeconform?.unavailable?.(invalid)).toBeUndefined();
  expect(kubeconform?.findings("{}")).toEqual([]);
  const away = answer(
    "statusError",
    'failed downloading schema at https://schemas.test/pod.json: Get "https://…": no host',
  );
  expect(kubeconform?.unavailable?.(away)).toBe("failed downloading schema at https://schemas.test/pod.json");
});

test("the policies of the foundation are as Kubernetes knows them, so that a pod's are found", () => {
  const policies = policiesOf(platformOf("minikube").foundation);
  const { applications } = loadEnvironment(repository, "minikube");
  expect([...new Set(policies.map(({ metadata }) => metadata.namespace))].sort()).toEqual(
    Object.keys(applications).sort(),
  );
  expect(policies.find(({ metadata }) => metadata.name === "ingress-to-librechat")).toMatchObject({
    apiVersion: "networking.k8s.io/v1",
    spec: {
      podSelector: { matchLabels: { "app.kubernetes.io/instance": "librechat" } },
      ingress: [{ ports: [{ port: 3080, protocol: "TCP" }] }],
    },
  });
});
