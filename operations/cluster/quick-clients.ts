import {
  type ApiConstructor,
  type ApiType,
  type KubeConfig,
  createConfiguration,
  HttpMethod,
  ServerConfiguration,
} from "@kubernetes/client-node";

/** Makes clients of one cluster for many small requests at once. */
export interface QuickClients {
  client<T extends ApiType>(type: ApiConstructor<T>): T;
}

/**
 * Clients for many small requests at once: reviews of access share connections, where the library makes one for each
 * request, and a server that does not answer is given up.
 *
 * Reads do not share any: of a kept connection node-fetch takes a chunked answer, which a list is, for one that was cut
 * off, as soon as the next request uses it.
 *
 * @see https://github.com/node-fetch/node-fetch/issues/1767
 * @param timeoutMs for one request, from when it is asked for. Default: 5000
 */
export function quickClients(connection: KubeConfig, timeoutMs = 5000): QuickClients {
  let shared: Agent | undefined;
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(connection.getCurrentCluster()?.server ?? "", {}),
    authMethods: { default: connection },
    promiseMiddleware: [
      {
        pre: async (request) => {
          if (request.getHttpMethod() === HttpMethod.POST) {
            shared ??= keptAlive(request.getAgent() as Agent | undefined);
            if (shared) request.setAgent(shared as never);
          }
          request.setSignal(AbortSignal.timeout(timeoutMs));
          return Promise.resolve(request);
        },
        post: async (response) => Promise.resolve(response),
      },
    ],
  });
  return { client: (type) => new type(configuration) };
}

/** What Node's agents and those of proxies have in common, as far as it is used here. */
interface Agent {
  keepAlive: boolean;
  maxSockets: number;
}

function keptAlive(agent: Agent | undefined): Agent | undefined {
  return agent && Object.assign(agent, { keepAlive: true, maxSockets: 8 });
}
