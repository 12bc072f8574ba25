import { type ControllerName, ingressController } from "../settings/ingress-controllers";

export interface IngressValuesProps {
  readonly className: string;
  /** What serves the class. @default - one that is not known */
  readonly controller?: ControllerName;
  readonly host: string;
  /** Largest request body, in nginx' notation; 0 is any. */
  readonly bodySize: string;
  /** @default - plain http */
  readonly tls?: { readonly secretName: string; readonly clusterIssuer?: string };
  /** Who may reach it. @default - everybody who reaches the controller */
  readonly allowedSourceRanges?: readonly string[];
  /** Annotations in the place of others, or beside them. @default - none */
  readonly annotations?: { readonly [annotation: string]: string };
}

/**
 * The `ingress` values of a chart that began with `helm create`, switched on.
 *
 * A generation may take minutes and models are gigabytes: most ingress controllers cut one of both off by default.
 */
export function ingressValues(props: IngressValuesProps) {
  const { className, host, bodySize, tls, allowedSourceRanges, annotations } = props;
  const { limits, allowLists = [] } = ingressController(props.controller) ?? {};
  return {
    enabled: true as const,
    className,
    annotations: {
      ...limits?.(bodySize),
      ...annotations,
      ...(allowedSourceRanges &&
        Object.fromEntries(allowLists.map((annotation) => [annotation, allowedSourceRanges.join(",")]))),
      ...(tls?.clusterIssuer && { "cert-manager.io/cluster-issuer": tls.clusterIssuer }),
    },
    hosts: [{ host, paths: [{ path: "/", pathType: "Prefix" as const }] }],
    tls: tls ? [{ secretName: tls.secretName, hosts: [host] }] : [],
  };
}
