import type { KubeConfig, V1Pod, V1Service } from "@kubernetes/client-node";
import * as net from "node:net";
import { PassThrough } from "node:stream";
import { OperationError } from "../errors/operation-error";
import { KubernetesApi, quickMs } from "./kubernetes-api";
import { apiMessage } from "./api-error";
import { kubernetesClient } from "./kubernetes-client";
import { kubeletAway } from "./kubelet-away";
import { isReady } from "./is-ready";
import { notReadyReasons } from "./not-ready";
import { reasonLine } from "./not-ready-reason";

/** A port on 127.0.0.1 that leads to a pod. */
export interface ForwardedPort {
  readonly port: number;
  /** What the kubelet said of the last connection that it could not forward, or undefined. */
  fault(): string | undefined;
  close(): void;
}

/** A pod that takes requests. */
export interface ReadyPod {
  readonly name: string;
  readonly namespace: string;
  /** Name of its first container. */
  readonly container: string;
  readonly node: string;
}

/** A Service, by name. */
export interface ServiceName {
  readonly namespace: string;
  readonly service: string;
}

/** Where a ready pod is looked for. */
export interface ReadyPodProps extends ServiceName {
  /** How a command for people begins that asks the cluster. */
  readonly kubectl: string;
  /** Hides secrets in what the cluster says of pods that are not ready. */
  readonly mask: (text: string) => string;
}

/**
 * One ready pod behind a Service.
 *
 * @throws OperationError when the Service is not there or has no ready pod: why not, as far as the cluster says
 */
export async function readyPod(
  connection: KubeConfig,
  { namespace, service, kubectl, mask }: ReadyPodProps,
): Promise<ReadyPod> {
  const api = new KubernetesApi(connection, quickMs);
  const found = await api.find<V1Service>(`/api/v1/namespaces/${namespace}/services/${service}`);
  if (!found) {
    const what = `service ${namespace}/${service}: is not there`;
    const next = "npm run deploy makes it, npm run history shows what was deployed";
    throw new OperationError(`${what}: ${next}`, { found: what, next });
  }
  const labelSelector = Object.entries(found.spec?.selector ?? {})
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
  const selected = `?labelSelector=${encodeURIComponent(labelSelector)}`;
  const pods = await api.list<V1Pod>(`/api/v1/namespaces/${namespace}/pods${selected}`);
  const pod = pods.find(isReady);
  if (!pod?.metadata?.name) {
    const reasons = await notReadyReasons(connection, namespace, mask);
    const none = pods.length ? `none of its ${pods.length} pods is ready` : "it has no pod";
    const what = [`service ${namespace}/${service}: ${none}`, reasons.map(reasonLine).join("; ")]
      .filter(Boolean)
      .join(": ");
    const next = reasons.length
      ? [...new Set(reasons.map((reason) => reason.next))].join("\n")
      : `${kubectl} -n ${namespace} get deployments,statefulsets: one that is scaled to 0 makes none; npm run drift says what was changed by hand`;
    throw new OperationError(`${what}: ${next}`, { found: what, next });
  }
  return {
    name: pod.metadata.name,
    namespace,
    container: pod.spec?.containers[0]?.name ?? "",
    node: pod.spec?.nodeName ?? "",
  };
}

/** What the library's type leaves open: it may answer with a function that reconnects. */
interface WebSocketLike {
  on(event: "close", listener: () => void): void;
  close(): void;
}

/** Forwards a free local port to a port of one pod. */
export async function forwardToPod(
  connection: KubeConfig,
  { namespace, name }: Pick<ReadyPod, "namespace" | "name">,
  port: number,
): Promise<ForwardedPort> {
  const { PortForward } = kubernetesClient("portforward");
  const forward = new PortForward(connection);
  let fault: string | undefined;
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    // A fault of the connection shows in the request that uses it.
    socket.on("error", () => socket.destroy());
    const said = new PassThrough();
    said.on("data", (data: Buffer) => {
      fault = data.toString().trim();
      socket.destroy();
    });
    forward
      .portForward(namespace, name, [port], socket, said, socket)
      .then((opened) => {
        // Whoever asks would wait for an answer until their patience ends.
        const websocket = opened as unknown as WebSocketLike;
        websocket.on("close", () => socket.end());
        if (socket.destroyed) websocket.close();
        else socket.on("close", () => websocket.close());
      })
      .catch(async (error: unknown) => {
        // What the API server said is left out of it; asked for a log it says the same of the same kubelet.
        const log = `/api/v1/namespaces/${namespace}/pods/${name}/log?tailLines=1`;
        const said = await new KubernetesApi(connection, quickMs).text(log).catch(apiMessage);
        fault = kubeletAway(said, "", "") ? said : (error as Error).message;
        socket.destroy();
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as net.AddressInfo).port,
    fault: () => fault,
    close: () => {
      server.close();
      // Clients keep connections for their next request, and would keep the process.
      for (const socket of open) socket.destroy();
    },
  };
}
