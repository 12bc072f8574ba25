import type { Component } from "./components";

/** Where the projects publish what they release, without a slash at the end. */
export const releaseServers = {
  kubernetes: "https://dl.k8s.io",
  helm: "https://get.helm.sh",
  /** Its release pages: etcd, kwok and Ollama. */
  github: "https://github.com",
  /** It knows the digest of every file that was put on a release page since June 2025. */
  githubApi: "https://api.github.com",
};
export type ReleaseServers = typeof releaseServers;

/** A program as its project releases it. */
export interface ReleaseFile {
  readonly url: string;
  /** Whether it is a .tgz with the program in it, under its own name, and not the program itself. */
  readonly archive: boolean;
  readonly checksum: {
    readonly url: string;
    /** `lines`: as sha256sum writes them, or the digest alone; `github`: a release as GitHub's API describes it. */
    readonly format: "lines" | "github";
  };
}

/**
 * The file that holds a program, or undefined where its project releases none that can be used.
 *
 * @param platform as in `process.platform`
 * @param arch as in `process.arch`
 * @see https://kubernetes.io/releases/download/#binaries
 * @see https://docs.github.com/en/rest/releases/releases#get-a-release-by-tag-name
 */
export function releaseFile(
  { name, version }: Pick<Component, "name" | "version">,
  servers: ReleaseServers,
  platform: string,
  arch: string,
): ReleaseFile | undefined {
  const cpu = ({ x64: "amd64", arm64: "arm64" } as Record<string, string>)[arch];
  if (cpu === undefined || (platform !== "linux" && platform !== "darwin")) return undefined;
  const onGithub = (repository: string, file: string) =>
    `${servers.github}/${repository}/releases/download/${version}/${file}`;
  switch (name) {
    case "kube-apiserver":
    case "kube-controller-manager":
    case "kube-scheduler":
    case "kubectl": {
      // The control plane is released for Linux alone.
      if (platform !== "linux" && name !== "kubectl") return undefined;
      const url = `${servers.kubernetes}/release/${version}/bin/${platform}/${cpu}/${name}`;
      return { url, archive: false, checksum: { url: `${url}.sha256`, format: "lines" } };
    }
    case "helm": {
      const url = `${servers.helm}/helm-${version}-${platform}-${cpu}.tar.gz`;
      return { url, archive: true, checksum: { url: `${url}.sha256sum`, format: "lines" } };
    }
    case "etcd":
      // For macOS it is a .zip, which Node does not read. Go is needed there for the control plane anyway.
      if (platform !== "linux") return undefined;
      return {
        url: onGithub("etcd-io/etcd", `etcd-${version}-${platform}-${cpu}.tar.gz`),
        archive: true,
        checksum: { url: onGithub("etcd-io/etcd", "SHA256SUMS"), format: "lines" },
      };
    case "kwok":
    case "kwokctl":
      // No checksums lie beside these.
      return {
        url: onGithub("kubernetes-sigs/kwok", `${name}-${platform}-${cpu}`),
        archive: false,
        checksum: {
          url: `${servers.githubApi}/repos/kubernetes-sigs/kwok/releases/tags/${version}`,
          format: "github",
        },
      };
    case "ollama":
      // For Linux 1.6 GB, nearly all of it libraries for GPUs. Without them it computes on the CPU with what is linked
      // into the program itself, as the one does that is compiled here: the program alone is kept.
      return {
        url: onGithub(
          "ollama/ollama",
          platform === "linux" ? `ollama-linux-${cpu}.tgz` : "ollama-darwin.tgz",
        ),
        archive: true,
        checksum: { url: onGithub("ollama/ollama", "sha256sum.txt"), format: "lines" },
      };
  }
}

/**
 * The SHA-256 that is published for a file, in hexadecimal digits; undefined where there is none.
 *
 * @param text what lies at the checksum's address
 */
export function publishedChecksum({ url, checksum }: ReleaseFile, text: string): string | undefined {
  const file = url.slice(url.lastIndexOf("/") + 1);
  if (checksum.format === "github") {
    const { assets = [] } = JSON.parse(text) as { assets?: { name: string; digest?: string | null }[] };
    const digest = assets.find(({ name }) => name === file)?.digest;
    return /^sha256:([0-9a-f]{64})$/.exec(digest ?? "")?.[1];
  }
  for (const line of text.split("\n")) {
    const [, digest, name] = /^([0-9a-fA-F]{64})(?:\s+\*?(?:\.\/)?(\S+))?\s*$/.exec(line) ?? [];
    if (digest !== undefined && (name === undefined || name === file)) return digest.toLowerCase();
  }
  return undefined;
}
