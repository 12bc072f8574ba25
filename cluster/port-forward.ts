import { CoreV1Api, type KubeConfig, PortForward } from "@kubernetes/client-node";
import * as net from "node:net";
import { OperationError } from "../errors/operation-error";

/** A port on 127.0.0.1 that leads to a pod. */
export interface ForwardedPort {
  readonly port: number;
  close(): void;
}

/**
 * Forwards a free local port to a port of one ready pod behind a Service, as `kubectl port-forward svc/NAME` does.
 *
 * @throws OperationError when the Service has no ready pod
 */
export async function forwardToService(
  connection: KubeConfig,
  target: { readonly namespace: string; readonly service: string; readonly port: number },
): Promise<ForwardedPort> {
  const { namespace, service, port } = target;
  const api = connection.makeApiClient(CoreV1Api);
  const { spec } = await api.readNamespacedService({ name: service, namespace });
  const labelSelector = Object.entries(spec?.selector ?? {})
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
  const { items } = await api.listNamespacedPod({ namespace, labelSelector });
  const pod = items.find(({ status }) =>
    status?.conditions?.some(({ type, status: met }) => type === "Ready" && met === "True"),
  )?.metadata?.name;
  if (!pod) {
    throw new OperationError(
      `service ${namespace}/${service}: none of its ${items.length} pods is ready: look at kubectl -n ${namespace} describe pods -l ${labelSelector}`,
    );
  }
  const forward = new PortForward(connection);
  const server = net.createServer((socket) => {
    // A fault of the connection shows in the request that uses it.
    socket.on("error", () => socket.destroy());
    forward.portForward(namespace, pod, [port], socket, null, socket).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return { port: (server.address() as net.AddressInfo).port, close: () => server.close() };
}
