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

/** A program, and how Go makes it. */
export interface GoProgram {
  readonly name: string;
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
}

/** One program of the sandbox. */
export interface Component extends GoProgram {
  readonly name: ComponentName;
}

const MODULES = path.join(__dirname, "modules");

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
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(kubernetes) ?? [];
  const component = (
    name: ComponentName,
    folder: string,
    goPackage: string,
    variables: (version: string) => Record<string, unknown> = () => ({}),
  ): Component => {
    const version = pinnedVersion(folder, goPackage.replace(/\/cmd\/.*$/, ""));
    return {
      name,
      version,
      module: path.join(MODULES, folder),
      package: goPackage,
      linkerFlags: link(variables(version)),
      cgo: name === "ollama",
    };
  };
  const ofKubernetes = (name: ComponentName): Component =>
    component(name, "kubernetes", `k8s.io/kubernetes/cmd/${name}`, (version) => ({
      "k8s.io/component-base/version.gitVersion": version,
      "k8s.io/component-base/version.gitMajor": major,
      "k8s.io/component-base/version.gitMinor": minor,
    }));
  return [
    component("etcd", "etcd", "go.etcd.io/etcd/server/v3"),
    ofKubernetes("kube-apiserver"),
    ofKubernetes("kube-controller-manager"),
    ofKubernetes("kube-scheduler"),
    ofKubernetes("kubectl"),
    component("kwok", "kwok", "sigs.k8s.io/kwok/cmd/kwok"),
    component("kwokctl", "kwok", "sigs.k8s.io/kwok/cmd/kwokctl"),
    component("helm", "helm", "helm.sh/helm/v3/cmd/helm", (version) => ({
      "helm.sh/helm/v3/internal/version.version": version,
      "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor": major,
      "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor": minor,
    })),
    component("ollama", "ollama", "github.com/ollama/ollama", (version) => ({
      "github.com/ollama/ollama/version.Version": version.replace(/^v/, ""),
    })),
  ];
}

/** What renders charts to prove their contracts: made here of Helm's own packages, so that it is compiled everywhere. */
export function chartProbe(): GoProgram {
  const helm = components().find(({ name }) => name === "helm") as Component;
  return { ...helm, name: "chart-probe", package: "./probe" };
}

/** The newest Go version that any of the go.mod files asks for, e.g. `1.25.0`. */
export function requiredGoVersion(): string {
  const versions = components().map(({ module }) => {
    const [, version] = /^go (\S+)$/m.exec(readFileSync(path.join(module, "go.mod"), "utf8")) ?? [];
    return semver.coerce(version) ?? new semver.SemVer("0.0.0");
  });
  return String(versions.sort(semver.rcompare)[0]);
}

function pinnedVersion(folder: string, module: string): string {
  const file = path.join(MODULES, folder, "go.mod");
  const lines = readFileSync(file, "utf8").split("\n");
  const version = lines
    .find((line) => line.trim().startsWith(`${module} v`))
    ?.trim()
    .split(/\s+/)[1];
  if (version !== undefined) return version;
  throw new OperationError(`${file} does not require ${module}: run "go mod tidy" in that folder`);
}

function link(variables: Record<string, unknown>): string {
  return ["-s -w", ...Object.entries(variables).map(([name, value]) => `-X ${name}=${String(value)}`)].join(
    " ",
  );
}
