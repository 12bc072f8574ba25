import { releasesOf } from "../../applications/releases";
import { lookup } from "node:dns/promises";
import type { Environment } from "../../settings/environment";
import { type Check, checkOf } from "./check";

/** Finds the addresses of a host, or throws. */
export type Resolve = (host: string) => Promise<string>;

const resolveHere: Resolve = async (host) => (await lookup(host)).address;

/**
 * Whether the names of the ingresses lead anywhere from here. They need not, for a deploy: a warning says what to add.
 *
 * @param resolve @default - as every program of this machine does, /etc/hosts included
 * @param timeoutMs @default 1500
 */
export function hostChecks(
  environment: Environment,
  resolve: Resolve = resolveHere,
  timeoutMs = 1500,
): Promise<Check[]> {
  const hosts = releasesOf(environment).flatMap(({ own }) => (own.ingress ? [own.ingress.host] : []));
  return Promise.all(
    hosts.map(async (host) => {
      const check = checkOf("exposure", host);
      const address = await within(resolve(host), timeoutMs).catch((error: unknown) => {
        return { failed: (error as { code?: string }).code ?? (error as Error).message };
      });
      if (typeof address === "string") return check.ok(`resolves to ${address}`);
      const ip = environment.cluster.context === "minikube" ? "$(minikube ip)" : "ADDRESS-OF-THE-INGRESS";
      return check.warning(
        `does not resolve here (${address.failed})`,
        `echo "${ip} ${host}" | sudo tee -a /etc/hosts`,
      );
    }),
  );
}

function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer in ${timeoutMs / 1000} s`)), timeoutMs);
    timer.unref();
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
