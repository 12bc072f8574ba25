import { stuckReleases } from "../../../cluster/stuck-releases";

const cluster = { context: "minikube", kubeconfig: "~/.kube/config", recordsNamespace: "default" };
const revision = (number: number, status: string) => ({
  release: "ollama",
  namespace: "ollama",
  revision: number,
  status,
});

test("a pending upgrade leads back to the last revision that was deployed", () => {
  expect(
    stuckReleases([revision(4, "pending-upgrade"), revision(3, "failed"), revision(2, "deployed")], {
      cluster,
    }),
  ).toEqual([
    {
      release: "ollama",
      status: "pending-upgrade",
      wayOut:
        "helm rollback ollama 2 --wait --kubeconfig ~/.kube/config --kube-context minikube --namespace ollama",
    },
  ]);
});

test("a first install that was cut off leads away", () => {
  const [stuck] = stuckReleases([revision(1, "pending-install")], { cluster });
  expect(stuck?.wayOut).toMatch(/^helm uninstall ollama --wait/);
});

test("a release whose newest revision is deployed or failed is not stuck", () => {
  expect(stuckReleases([revision(2, "deployed"), revision(1, "pending-upgrade")], { cluster })).toEqual([]);
  expect(stuckReleases([revision(2, "failed"), revision(1, "superseded")], { cluster })).toEqual([]);
});
