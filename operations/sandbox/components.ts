import { readFileSync } from "node:fs";
import path from "node:path";
import * as semver from "semver";
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

/** One program of the sandbox, and how Go makes it. */
export interface Component {
  readonly name: ComponentName;
  /** Such as `v1.35.4`. */
  readonly version: string;
  /** Folder with the go.mod and go.sum that pin its source. */
  readonly module: string;
  /** Go package of its main function. */
  readonly package: string;
  /** Value of go build's `-ldflags`. */
  readonly linkerFlags: string;
  /** Whether it holds C or C++ and so needs a compiler for them. */
  readonly cgo: boolean;
  /** Seconds that its compilation took on two cores after those before it: what is said of the time left begins with them. */
  readonly compileSeconds: number;
}

const MODULES = path.join(__dirname, "modules");

/** The folders of the pinned Go modules. */
export const MODULE_FOLDERS = ["etcd", "kubernetes", "kwok", "helm", "ollama"].map((name) =>
  path.join(MODULES, name),
);

/** The Kubernetes version of the sandbox, e.g. `v1.35.4`. */
export function kubernetesVersion(): string {
  return pinnedVersion("kubernetes", "k8s.io/kubernetes");
}

/**
 * Everything the sandbox runs, in the order in which it is compiled.
 *
 * The go.mod files are the only place that holds a version; the link flags repeat it because
 * a binary built from a module does not know its own, and charts with a `kubeVersion` refuse a
 * cluster that calls itself v0.0.0.
 */
export function components(): Component[] {
  const kubernetes = kubernetesVersion();
  const helm = pinnedVersion("helm", "helm.sh/helm/v3");
  const ollama = pinnedVersion("ollama", "github.com/ollama/ollama");
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(kubernetes) ?? [];
  const kubernetesFlags = link({
    "k8s.io/component-base/version.gitVersion": kubernetes,
    "k8s.io/component-base/version.gitMajor": String(major),
    "k8s.io/component-base/version.gitMinor": String(minor),
  });
  const kubernetesComponent = (name: ComponentName, compileSeconds: number): Component => ({
    name,
    version: kubernetes,
    module: path.join(MODULES, "kubernetes"),
    package: `k8s.io/kubernetes/cmd/${name}`,
    linkerFlags: kubernetesFlags,
    cgo: false,
    compileSeconds,
  });
  const kwokComponent = (name: ComponentName, compileSeconds: number): Component => ({
    name,
    version: pinnedVersion("kwok", "sigs.k8s.io/kwok"),
    module: path.join(MODULES, "kwok"),
    package: `sigs.k8s.io/kwok/cmd/${name}`,
    linkerFlags: link({}),
    cgo: false,
    compileSeconds,
  });
  return [
    {
      name: "etcd",
      version: pinnedVersion("etcd", "go.etcd.io/etcd/server/v3"),
      module: path.join(MODULES, "etcd"),
      package: "go.etcd.io/etcd/server/v3",
      linkerFlags: link({}),
      cgo: false,
      compileSeconds: 30,
    },
    kubernetesComponent("kube-apiserver", 115),
    kubernetesComponent("kube-controller-manager", 30),
    kubernetesComponent("kube-scheduler", 5),
    kubernetesComponent("kubectl", 12),
    kwokComponent("kwok", 95),
    kwokComponent("kwokctl", 30),
    {
      name: "helm",
      version: helm,
      module: path.join(MODULES, "helm"),
      package: "helm.sh/helm/v3/cmd/helm",
      linkerFlags: link({
        "helm.sh/helm/v3/internal/version.version": helm,
        "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor": String(major),
        "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor": String(minor),
      }),
      cgo: false,
      compileSeconds: 110,
    },
    {
      name: "ollama",
      version: ollama,
      module: path.join(MODULES, "ollama"),
      package: "github.com/ollama/ollama",
      linkerFlags: link({ "github.com/ollama/ollama/version.Version": ollama.replace(/^v/, "") }),
      cgo: true,
      compileSeconds: 170,
    },
  ];
}

/** The newest Go version that any of the go.mod files asks for, e.g. `1.25.0`. */
export function requiredGoVersion(): string {
  const versions = MODULE_FOLDERS.map((folder) => {
    const version = /^go (\S+)$/m.exec(readFileSync(path.join(folder, "go.mod"), "utf8"))?.[1];
    const parsed = semver.coerce(version);
    if (parsed === null) throw new OperationError(`${path.join(folder, "go.mod")} has no line "go VERSION"`);
    return parsed;
  });
  return String(versions.sort(semver.rcompare)[0]);
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
