export interface IngressValuesProps {
  readonly className: string;
  readonly host: string;
  /** Largest request body, in nginx' notation; 0 is any. */
  readonly bodySize: string;
  /** @default - plain http */
  readonly tls?: { readonly secretName: string; readonly clusterIssuer?: string };
  /** Who may reach it. @default - everybody who reaches the controller */
  readonly allowedSourceRanges?: readonly string[];
}

/**
 * The `ingress` values of a chart that began with `helm create`, switched on.
 *
 * A generation may take minutes and models are gigabytes: ingress-nginx cuts both off at 60 s and 1 MiB by default.
 *
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
 */
export function ingressValues(props: IngressValuesProps) {
  const { className, host, bodySize, tls, allowedSourceRanges } = props;
  const nginx = "nginx.ingress.kubernetes.io";
  return {
    enabled: true as const,
    className,
    annotations: {
      [`${nginx}/proxy-body-size`]: bodySize,
      [`${nginx}/proxy-read-timeout`]: "600",
      [`${nginx}/proxy-send-timeout`]: "600",
      ...(allowedSourceRanges && { [`${nginx}/whitelist-source-range`]: allowedSourceRanges.join(",") }),
      ...(tls?.clusterIssuer && { "cert-manager.io/cluster-issuer": tls.clusterIssuer }),
    },
    hosts: [{ host, paths: [{ path: "/", pathType: "Prefix" as const }] }],
    tls: tls ? [{ secretName: tls.secretName, hosts: [host] }] : [],
  };
}
