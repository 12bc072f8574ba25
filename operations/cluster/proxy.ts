import * as net from "node:net";

/**
 * The proxy that an address is asked through, by the rules of Go, and so of Terraform, Helm and kubectl: `HTTPS_PROXY` and
 * `HTTP_PROXY`, but for this machine itself and what `NO_PROXY` names, hosts with all below them, addresses and ranges.
 *
 * @param url such as `https://10.0.0.1:6443`
 * @returns such as `http://proxy:3128`; undefined where it is asked directly
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export function proxyFor(url: string, variables: NodeJS.ProcessEnv): string | undefined {
  const variable = (name: string) => (variables[name] || variables[name.toLowerCase()] || "").trim();
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === "https:" || protocol === "wss:";
  const proxy = variable(secure ? "HTTPS_PROXY" : "HTTP_PROXY");
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, "");
  if (!proxy || host === "localhost" || loopback.check(host, family(host))) return undefined;
  const own = port || (secure ? "443" : "80");
  if (
    variable("NO_PROXY")
      .split(",")
      .some((entry) => covers(entry.trim().toLowerCase(), host, own))
  ) {
    return undefined;
  }
  return /^\w+:\/\//.test(proxy) ? proxy : `http://${proxy}`;
}

/** Whether an entry of NO_PROXY names a host. */
function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  const range = /^(.+)\/(\d+)$/.exec(entry);
  if (range?.[1]) {
    const list = new net.BlockList();
    try {
      list.addSubnet(range[1], Number(range[2]), family(range[1]));
    } catch {
      return false;
    }
    return list.check(host, family(host));
  }
  const [, name = "", of] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(net.isIPv6(entry) ? `[${entry}]` : entry) ?? [];
  if (name === "" || (of !== undefined && of !== port)) return false;
  const bare = name.replace(/^\*?\./, "");
  return host.endsWith(`.${bare}`) || (bare === name && host === bare);
}

const loopback = new net.BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

function family(host: string): "ipv4" | "ipv6" {
  return net.isIPv6(host) ? "ipv6" : "ipv4";
}

/** Has `fetch` go through the proxies of {@link proxyFor}, which Node alone does not. */
export function fetchThroughProxies(variables: NodeJS.ProcessEnv): void {
  if (!/^https?_proxy$/im.test(Object.keys(variables).join("\n"))) return;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- it takes a tenth of a second, for which nobody waits without a proxy
  const { Agent, ProxyAgent, setGlobalDispatcher } = require("undici") as typeof import("undici");
  const agents = new Map<string, InstanceType<typeof ProxyAgent>>();
  setGlobalDispatcher(
    new Agent().compose((direct) => (options, handler) => {
      const proxy = proxyFor(String(options.origin), variables);
      if (proxy === undefined) return direct(options, handler);
      const agent = agents.get(proxy) ?? new ProxyAgent(proxy);
      agents.set(proxy, agent);
      return agent.dispatch(options, handler);
    }),
  );
}
