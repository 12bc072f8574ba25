import { certificateChecks } from "../../../../operations/doctor/certificates";
import type { ClusterFacts } from "../../../../operations/doctor/cluster-facts";
import { hostChecks } from "../../../../operations/doctor/hosts";
import { loadEnvironment } from "../../../../applications/load-environment";
import { repository } from "../../sample-repository";

const minikube = loadEnvironment(repository, "minikube");
const production = loadEnvironment(repository, "production");

describe("hosts", () => {
  test("one that does not resolve is a warning with the line for /etc/hosts", async () => {
    const resolve = (host: string): Promise<string> =>
      host.startsWith("ollama")
        ? Promise.resolve("192.168.49.2")
        : Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" }));
    expect(await hostChecks(minikube, resolve)).toMatchObject([
      { name: "ollama.glukas.space", result: "ok", found: "resolves to 192.168.49.2" },
      {
        name: "librechat.glukas.space",
        result: "warning",
        found: "does not resolve here (ENOTFOUND)",
        fix: 'echo "$(minikube ip) librechat.glukas.space" | sudo tee -a /etc/hosts',
      },
    ]);
  });

  test("a name server that does not answer is not waited for", async () => {
    const never = (): Promise<string> => new Promise(() => undefined);
    expect(await hostChecks(production, never, 5)).toMatchObject([
      { name: "chat.example.com", result: "warning", found: "does not resolve here (no answer in 0.005 s)" },
    ]);
  });
});

describe("certificates", () => {
  const facts = (more: Partial<ClusterFacts>): ClusterFacts => ({
    version: "v1.35.4",
    user: "mira",
    apiGroups: { value: ["apps", "cert-manager.io"] },
    rights: { value: [] },
    namespaces: { value: ["librechat"] },
    storageClasses: { value: [] },
    ingressClasses: { value: [] },
    runtimeClasses: { value: [] },
    nodes: { value: [] },
    pods: { value: [] },
    daemonSets: { value: [] },
    quotas: { value: [] },
    autoscaled: false,
    certificates: {},
    ...more,
  });
  const own = {
    ...production,
    applications: { librechat: { ingress: { host: "x.example", tls: { secretName: "tls" } } } },
  };
  const result = (environment: typeof own, more: Partial<ClusterFacts>): string[] =>
    certificateChecks(facts(more), environment as never).map((check) => check.result);

  test("a ClusterIssuer must be there, and cert-manager before it", () => {
    expect(result(production as never, { clusterIssuers: { value: ["letsencrypt"] } })).toEqual(["ok"]);
    expect(result(production as never, { clusterIssuers: { value: ["other"] } })).toEqual(["failed"]);
    expect(result(production as never, { apiGroups: { value: ["apps"] } })).toEqual(["failed"]);
    expect(result(production as never, { clusterIssuers: { refused: "no" } })).toEqual(["not checked"]);
  });

  test("a Secret of somebody else's must be there, with a certificate in it", () => {
    expect(
      result(own, { certificates: { "librechat/tls": { value: { type: "kubernetes.io/tls" } } } }),
    ).toEqual(["ok"]);
    expect(result(own, { certificates: { "librechat/tls": { value: undefined } } })).toEqual(["failed"]);
    expect(result(own, { certificates: { "librechat/tls": { value: { type: "Opaque" } } } })).toEqual([
      "failed",
    ]);
  });

  test("before the first deploy its namespace is not there: a warning says what to do after it", () => {
    const [check] = certificateChecks(
      facts({ namespaces: { value: ["default"] }, certificates: { "librechat/tls": { value: undefined } } }),
      own as never,
    );
    expect(check).toMatchObject({
      result: "warning",
      fix: expect.stringMatching(/^after it: kubectl .* create secret tls tls /),
    });
  });

  test("nothing is looked at where no TLS is asked for", () => {
    expect(certificateChecks(facts({}), minikube)).toEqual([]);
  });
});
