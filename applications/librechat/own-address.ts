import { entries } from "../../policies/walk";
import { isMap, type YamlMap } from "../../settings/yaml-file";

const loopback =
  /^\w[\w+.-]*:\/\/([^\s/@]*@)?(localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\]|host\.docker\.internal)(?=[:/?#]|$)/i;

/** An address that in a pod is the pod's own, or none. */
export interface OwnAddress {
  readonly path: readonly (string | number)[];
  /** What is wrong, and what to do. */
  readonly text: string;
}

/**
 * Addresses that are right on somebody's own machine alone: in its pod they lead LibreChat to itself.
 *
 * @param isServers whether it is LibreChat's server that goes there, and not a browser, by the path
 */
export function ownAddresses(
  tree: unknown,
  isServers: (path: readonly (string | number)[]) => boolean,
): OwnAddress[] {
  return entries(tree).flatMap(({ path, value }) => {
    if (typeof value !== "string" || !loopback.test(value) || !isServers(path)) return [];
    const host = loopback.exec(value)?.[2];
    return [
      {
        path,
        text: `leads to ${host}, which in a pod is ${/docker/.test(host ?? "") ? "nobody" : "the pod itself"}: name what is reached from there, such as http://NAME.NAMESPACE.svc.cluster.local:PORT`,
      },
    ];
  });
}

/** Whether a container runs beside LibreChat's in its pod, which is reached there. */
export function hasSidecar({ initContainers }: YamlMap): boolean {
  return (
    isMap(initContainers) &&
    Object.values(initContainers).some((one) => isMap(one) && one.restartPolicy === "Always")
  );
}
