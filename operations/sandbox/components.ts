import { readFileSync } from "node:fs";
import path from "node:path";
import { OperationError } from "../errors/operation-error";

/** What the sandbox runs, by the name of its binary. */
export const COMPONENT_NAMES = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
  "kwok",
  "kwokctl",
  "helm",
  "ollama",
] as const;

export type ComponentName = (typeof COMPONENT_NAMES)[number];

/** One binary of the sandbox and how Go links it. */
export interface Component {
  readonly name: ComponentName;
  /** Folder with the go.mod and go.sum that pin its source. */
  readonly module: string;
  /** Go package of its main function. */
  readonly package: string;
  /** Value of go build's `-ldflags`. */
  readonly linkerFlags: string;
  /** Whether it holds C or C++ and so needs a compiler for them. */
  readonly cgo: boolean;
}

const MODULES = path.join(__dirname, "modules");

/** The folders of the pinned Go modules. */
export const MODULE_FOLDERS = ["etcd", "kubernetes", "kwok", "helm", "ollama"].map((name) =>
  path.join(MODULES, name),
);

/**
 * Everything the sandbox is built from, in the order in which it is built.
 *
 * The go.mod files are the only place that holds a version; the link flags repeat it because
 * a binary built from a module does not know its own, and charts with a `kubeVersion` refuse a
 * cluster that calls itself v0.0.0.
 */
export function components(): Component[] {
  const kubernetes = pinnedVersion("kubernetes", "k8s.io/kubernetes");
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(kubernetes) ?? [];
  const kubernetesFlags = link({
    "k8s.io/component-base/version.gitVersion": kubernetes,
    "k8s.io/component-base/version.gitMajor": String(major),
    "k8s.io/component-base/version.gitMinor": String(minor),
  });
  const kubernetesComponent = (name: ComponentName): Component => ({
    name,
    module: path.join(MODULES, "kubernetes"),
    package: `k8s.io/kubernetes/cmd/${name}`,
    linkerFlags: kubernetesFlags,
    cgo: false,
  });
  const kwokComponent = (name: ComponentName): Component => ({
    name,
    module: path.join(MODULES, "kwok"),
    package: `sigs.k8s.io/kwok/cmd/${name}`,
    linkerFlags: link({}),
    cgo: false,
  });
  return [
    {
      name: "etcd",
      module: path.join(MODULES, "etcd"),
      package: "go.etcd.io/etcd/server/v3",
      linkerFlags: link({}),
      cgo: false,
    },
    kubernetesComponent("kube-apiserver"),
    kubernetesComponent("kube-controller-manager"),
    kubernetesComponent("kube-scheduler"),
    kubernetesComponent("kubectl"),
    kwokComponent("kwok"),
    kwokComponent("kwokctl"),
    {
      name: "helm",
      module: path.join(MODULES, "helm"),
      package: "helm.sh/helm/v3/cmd/helm",
      // `helm template` asks no cluster: it claims this Kubernetes version.
      linkerFlags: link({
        "helm.sh/helm/v3/internal/version.version": pinnedVersion("helm", "helm.sh/helm/v3"),
        "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor": String(major),
        "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor": String(minor),
      }),
      cgo: false,
    },
    {
      name: "ollama",
      module: path.join(MODULES, "ollama"),
      package: "github.com/ollama/ollama",
      linkerFlags: link({
        "github.com/ollama/ollama/version.Version": pinnedVersion(
          "ollama",
          "github.com/ollama/ollama",
        ).replace(/^v/, ""),
      }),
      cgo: true,
    },
  ];
}

/** The newest Go version that any of the go.mod files asks for, e.g. `1.25.0`. */
export function requiredGoVersion(): string {
  const versions = MODULE_FOLDERS.map((folder) => {
    const version = /^go (\S+)$/m.exec(readFileSync(path.join(folder, "go.mod"), "utf8"))?.[1];
    if (version === undefined) {
      throw new OperationError(`${path.join(folder, "go.mod")} has no line "go VERSION"`);
    }
    return version;
  });
  return versions.reduce((newest, version) => (compareVersions(version, newest) > 0 ? version : newest));
}

/** Negative when `a` is older than `b`; both are dotted numbers such as `1.25.0`, a missing part counts as 0. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string) => version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  const [left, right] = [parts(a), parts(b)];
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function pinnedVersion(folder: string, module: string): string {
  const file = path.join(MODULES, folder, "go.mod");
  const line = readFileSync(file, "utf8")
    .split("\n")
    .find((candidate) => candidate.trim().startsWith(`${module} v`));
  const version = line?.trim().split(/\s+/)[1];
  if (version === undefined) {
    throw new OperationError(`${file} does not require ${module}: run "go mod tidy" in that folder`);
  }
  return version;
}

function link(variables: Record<string, string>): string {
  return ["-s -w", ...Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`)].join(" ");
}
