import { COMPONENT_NAMES, type ComponentName } from "../../../../operations/sandbox/components";
import {
  publishedChecksum,
  releaseFile,
  releaseServers,
} from "../../../../operations/sandbox/release-servers";

const digest = "0123456789abcdef".repeat(4);
const other = "f".repeat(64);

const urls = (name: ComponentName, version: string, platform: string, arch: string) => {
  const file = releaseFile({ name, version }, releaseServers, platform, arch);
  return file && [file.url, file.checksum.url];
};

test.each<[ComponentName, string, string, string, string[]]>([
  [
    "kube-apiserver",
    "v1.35.4",
    "linux",
    "x64",
    [
      "https://dl.k8s.io/release/v1.35.4/bin/linux/amd64/kube-apiserver",
      "https://dl.k8s.io/release/v1.35.4/bin/linux/amd64/kube-apiserver.sha256",
    ],
  ],
  [
    "kubectl",
    "v1.35.4",
    "darwin",
    "arm64",
    [
      "https://dl.k8s.io/release/v1.35.4/bin/darwin/arm64/kubectl",
      "https://dl.k8s.io/release/v1.35.4/bin/darwin/arm64/kubectl.sha256",
    ],
  ],
  [
    "helm",
    "v3.19.0",
    "darwin",
    "x64",
    [
      "https://get.helm.sh/helm-v3.19.0-darwin-amd64.tar.gz",
      "https://get.helm.sh/helm-v3.19.0-darwin-amd64.tar.gz.sha256sum",
    ],
  ],
  [
    "etcd",
    "v3.6.6",
    "linux",
    "arm64",
    [
      "https://github.com/etcd-io/etcd/releases/download/v3.6.6/etcd-v3.6.6-linux-arm64.tar.gz",
      "https://github.com/etcd-io/etcd/releases/download/v3.6.6/SHA256SUMS",
    ],
  ],
  [
    "kwokctl",
    "v0.8.0",
    "linux",
    "x64",
    [
      "https://github.com/kubernetes-sigs/kwok/releases/download/v0.8.0/kwokctl-linux-amd64",
      "https://api.github.com/repos/kubernetes-sigs/kwok/releases/tags/v0.8.0",
    ],
  ],
  [
    "ollama",
    "v0.6.8",
    "linux",
    "x64",
    [
      "https://github.com/ollama/ollama/releases/download/v0.6.8/ollama-linux-amd64.tgz",
      "https://github.com/ollama/ollama/releases/download/v0.6.8/sha256sum.txt",
    ],
  ],
  [
    "ollama",
    "v0.6.8",
    "darwin",
    "arm64",
    [
      "https://github.com/ollama/ollama/releases/download/v0.6.8/ollama-darwin.tgz",
      "https://github.com/ollama/ollama/releases/download/v0.6.8/sha256sum.txt",
    ],
  ],
])("%s %s for %s on %s", (name, version, platform, arch, expected) => {
  expect(urls(name, version, platform, arch)).toEqual(expected);
});

test("for Linux everything is released, for macOS neither the control plane nor an etcd that is no .zip", () => {
  const missing = (platform: string, arch: string) =>
    COMPONENT_NAMES.filter((name) => !urls(name, "v1.0.0", platform, arch));
  expect(missing("linux", "x64")).toEqual([]);
  expect(missing("linux", "arm64")).toEqual([]);
  expect(missing("darwin", "arm64")).toEqual([
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
  ]);
  expect(missing("linux", "s390x")).toEqual([...COMPONENT_NAMES]);
  expect(missing("win32", "x64")).toEqual([...COMPONENT_NAMES]);
});

describe("the published checksum", () => {
  const file = (format: "lines" | "github") => ({
    url: "https://example.com/a/tool-linux.tgz",
    archive: true,
    checksum: { url: "https://example.com/a/sums", format },
  });

  test.each([
    ["alone", digest],
    ["alone, in a line", `${digest}\n`],
    ["in capital letters", digest.toUpperCase()],
    ["beside the name", `${digest}  tool-linux.tgz\n`],
    ["of a binary file", `${digest} *tool-linux.tgz\n`],
    ["among others", `${other}  ./tool-darwin.tgz\n${digest}  ./tool-linux.tgz\n`],
  ])("%s", (_, text) => {
    expect(publishedChecksum(file("lines"), text)).toBe(digest);
  });

  test.each([
    ["nothing", ""],
    ["a page", "<html>404</html>"],
    ["others", `${other}  tool-darwin.tgz\n${other}  old-tool-linux.tgz\n`],
    ["half of one", digest.slice(1)],
    ["one that is too long", `${digest}0`],
  ])("is not there in %s", (_, text) => {
    expect(publishedChecksum(file("lines"), text)).toBeUndefined();
  });

  test("of a file on GitHub", () => {
    const release = (digest?: string | null) =>
      JSON.stringify({
        assets: [
          { name: "other", digest: `sha256:${other}` },
          { name: "tool-linux.tgz", digest },
        ],
      });
    expect(publishedChecksum(file("github"), release(`sha256:${digest}`))).toBe(digest);
    expect(publishedChecksum(file("github"), release(null))).toBeUndefined();
    expect(publishedChecksum(file("github"), release())).toBeUndefined();
    expect(publishedChecksum(file("github"), release(`md5:${digest}`))).toBeUndefined();
    expect(publishedChecksum(file("github"), "{}")).toBeUndefined();
  });
});
