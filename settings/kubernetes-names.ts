import { z } from "zod";

const part = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const domain = `${part}(\\.${part})*`;
/** Text of a DNS subdomain: labels joined by dots. */
export const subdomainPattern = new RegExp(`^(?=.{1,253}$)${domain}$`);

const label = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    "expected a name of lower-case letters, digits and -, at most 63",
  );
const subdomain = z
  .string()
  .regex(subdomainPattern, "expected a name of lower-case letters, digits, - and ., at most 253");

/**
 * What may be the name of an object, by its kind, or that of an annotation or a resource: most are DNS subdomains, which have
 * dots, and some may be a part of an address alone.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
export const names = {
  namespace: label,
  /**
   * Of Helm, and the beginning of its resources' names in Terraform and of its Services'.
   *
   * @see https://github.com/helm/helm/blob/v3.19.0/pkg/chartutil/validate_name.go
   */
  release: z
    .string()
    .regex(
      /^[a-z]([-a-z0-9]{0,51}[a-z0-9])?$/,
      "expected a name of lower-case letters, digits and - that begins with a letter, at most 53",
    ),
  secret: subdomain,
  storageClass: subdomain,
  ingressClass: subdomain,
  runtimeClass: subdomain,
  deviceClass: subdomain,
  resourceClaimTemplate: subdomain,
  /** cert-manager's. */
  clusterIssuer: subdomain,
  /** Of a device plugin: a quota writes `requests.` before it. */
  extendedResource: z
    .string()
    .regex(
      new RegExp(
        `^(?!([^/]*\\.)?kubernetes\\.io/)(?=[^/]{1,244}/)${domain}/[A-Za-z0-9]([-\\w.]{0,61}[A-Za-z0-9])?$`,
      ),
      "expected a resource of a device plugin, such as nvidia.com/gpu or nvidia.com/mig-1g.5gb",
    ),
  annotation: z
    .string()
    .regex(
      new RegExp(`^(?=[^/]{1,253}(/|$))(${domain}/)?[A-Za-z0-9]([-\\w.]{0,61}[A-Za-z0-9])?$`),
      "expected the name of an annotation, such as nginx.ingress.kubernetes.io/proxy-read-timeout",
    ),
} as const;
