import type { Destination } from "../../constructs/app-namespace";

/** What is nobody's on the internet, and must not be reached by who may reach all of it: other pods, nodes, their metadata. */
const privateRanges = {
  "0.0.0.0/0": [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
  ],
  "::/0": ["fc00::/7", "fe80::/10"],
} as const;

/**
 * Where models are pulled from: a policy knows addresses and no names. The library, and where it sends whoever
 * pulls, are somewhere on the internet; a registry that a model names may be anywhere.
 */
export function registries(models: readonly string[]): Destination[] {
  const named = models.flatMap((model) => {
    const [host = "", ...rest] = model.split("/");
    return rest.length > 1 ? [Number(/:(\d+)$/.exec(host)?.[1] ?? 443)] : [];
  });
  const isLibrary = named.length < models.length;
  return Object.entries(privateRanges).flatMap(([cidr, except]): Destination[] => [
    ...(isLibrary ? [{ to: { cidr, except }, ports: [443] }] : []),
    ...[...new Set(named)].map((port) => ({ to: { cidr }, ports: [port] })),
  ]);
}
