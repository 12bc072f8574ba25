import { changesTable } from "../../../../operations/deploy/changes-table";
import type { DiffReport } from "../../../../operations/diff/report";
import { unwrapped, wideLines } from "../../../printed";

const object = (name: string, action: "add" | "change") => ({
  object: name,
  namespace: "ollama",
  action,
  text: "-secret\n+values",
  added: 1,
  removed: 1,
});

const report = {
  environment: "minikube",
  against: { context: "minikube", kubeconfig: "~/.kube/config" },
  notes: ["rendered without set_wo"],
  warnings: [{ kind: "gpu-count", text: "Deployment/ollama: GPUs 1 → 2" }],
  resources: [
    { stack: "llm-apps", address: "helm_release.ollama", action: "change", text: "", added: 0, removed: 0 },
    {
      stack: "foundation",
      address: `kubernetes_network_policy_v1.${"a_rather_long_name_".repeat(4)}`,
      action: "add",
      text: "",
      added: 0,
      removed: 0,
    },
  ],
  releases: [
    {
      name: "ollama",
      namespace: "ollama",
      chart: "ollama",
      versions: { old: "1.42.0", new: "1.77.0" },
      revision: 3,
      action: "change",
      objects: [
        object("Deployment/ollama", "change"),
        ...Array.from({ length: 14 }, (_, i) => object(`ConfigMap/part-${i}`, "add")),
      ],
      live: [],
    },
    {
      name: "librechat",
      namespace: "librechat",
      chart: "librechat",
      versions: { old: "2.0.8", new: "2.0.8" },
      action: "none",
      objects: [object("Deployment/by-others", "change")],
      live: [],
    },
  ],
} as unknown as DiffReport;

const table = changesTable(report);

test("what is asked about is there: context, versions, resources, objects by what becomes of them, warnings", () => {
  expect(table).toContain("context       minikube in ~/.kube/config");
  expect(table).toContain("ollama 1.42.0 → 1.77.0");
  expect(table).toContain("resources: 1 to add, 1 to change");
  expect(table).toContain(
    "release ollama in ollama, from revision 3\n   change    Deployment/ollama\n   add       ",
  );
  expect(table).toMatch(/! +Deployment\/ollama: GPUs 1 → 2/);
});

test("of many objects the first are named, and their content is left to npm run diff", () => {
  expect(unwrapped(table)).toContain("ConfigMap/part-11, and 2 more");
  expect(table).not.toContain("secret");
});

test("what the deploy leaves as it is, is not in it", () => {
  expect(table).not.toContain("by-others");
});

test("edits of the cluster are put back, and what was added to it is left", () => {
  const [release] = report.releases;
  const edit = { object: "Service/ollama", namespace: "ollama", field: "spec.x", deployed: 1, live: 2 };
  const live = [edit, { ...edit, object: "ConfigMap/ollama", deployed: undefined }];
  const edited = changesTable({ ...report, releases: [{ ...release, live }] } as DiffReport);
  expect(edited).toContain(
    "   put back  Service/ollama\n   leave     what somebody added to ConfigMap/ollama\n",
  );
  expect(table).not.toMatch(/put back|leave/);
});

test("it fits 80 columns", () => {
  expect(wideLines(table)).toEqual([]);
});
