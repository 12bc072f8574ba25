import type { Application, ApplicationRelease } from "./application";

/** As much of a release as says where it is inside the cluster. */
type Addressed = Pick<ApplicationRelease, "name" | "namespace"> & {
  readonly application: Pick<Application, "service" | "pods" | "guard">;
};

/** The pods that take what others send to an application. */
export function mainPods({ pods }: Pick<Application, "pods">): Application["pods"][string] {
  const [main] = Object.values(pods);
  if (!main) throw new Error("an application without pods");
  return main;
}

/** Where a release is reached inside the cluster, such as `http://ollama.ollama.svc.cluster.local:11434`. */
export function clusterUrl({ name, namespace, application }: Addressed): string {
  return `http://${application.service(name)}.${namespace}.svc.cluster.local:${mainPods(application).port}`;
}

/**
 * Where a release is reached by people: through its ingress where it has one. Where it has none, what asks who they are is
 * reached through a port-forward, and what does not inside the cluster alone.
 */
export function releaseUrl(
  release: Addressed & { readonly own: Pick<ApplicationRelease["own"], "ingress"> },
): {
  readonly url: string;
  readonly description?: string;
} {
  const { ingress } = release.own;
  const { guard } = release.application;
  if (ingress) {
    const url = `${ingress.tls ? "https" : "http"}://${ingress.host}`;
    return guard === "login" ? { url } : { url, description: "from the allowed source ranges" };
  }
  if (guard === "login") return { url: `http://localhost:${mainPods(release.application).port}` };
  return { url: clusterUrl(release), description: "inside the cluster alone" };
}
