import { releasesOf } from "../../applications/releases";
import { lookup } from "node:dns/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../../settings/environment";
import { type Check, checkOf } from "./check";

/**
 * Whether the names of the ingresses lead anywhere from here. They need not, for a deploy: a warning says what to add.
 *
 * @param resolve @default - as every program of this machine does, /etc/hosts included
 * @param timeoutMs @default 1500
 */
export function hostChecks(
  environment: Environment,
  resolve = async (host: string) => (await lookup(host)).address,
  timeoutMs = 1500,
): Promise<Check[]> {
  const hosts = releasesOf(environment).flatMap(({ own }) => (own.ingress ? [own.ingress.host] : []));
  return Promise.all(
    hosts.map(async (host) => {
      const check = checkOf("exposure", host);
      const late = sleep(timeoutMs, undefined, { ref: false }).then((): never => {
        throw new Error(`no answer in ${timeoutMs / 1000} s`);
      });
      const address = await Promise.race([resolve(host), late]).catch((error: unknown) => {
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
