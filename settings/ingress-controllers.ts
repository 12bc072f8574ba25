/** What one ingress controller needs beside what Kubernetes itself says of an Ingress. */
export interface IngressController {
  readonly title: string;
  /** Whether an IngressClass is one of its own, by its `spec.controller`. @default - it reads the name alone, and needs no object */
  readonly controller?: RegExp;
  /** What its makers call its IngressClass, and the namespace into which they install it. */
  readonly className: string;
  readonly namespace: string;
  /** Annotations that let a request body be as large as it is to be, and an answer take long. @default - its own limits allow both */
  readonly limits?: (bodySize: string) => { readonly [annotation: string]: string };
  /** Annotations that let some addresses in alone, all of which are written. @default - an Ingress has none there */
  readonly allowLists?: readonly string[];
  /** Others that do the same. @default - there are none */
  readonly otherAllowLists?: readonly string[];
  /** Annotations that ask who it is. @default - an Ingress has none there */
  readonly authentication?: readonly string[];
  /** When its project ended, as YYYY-MM-DD. @default - it goes on */
  readonly ended?: string;
}

/** How long an answer may pause, in seconds: a model that is loaded, or long at its answer, says nothing for minutes. */
const pauseSeconds = 600;

const names = (prefix: string, ...annotations: readonly string[]): string[] =>
  annotations.map((annotation) => `${prefix}/${annotation}`);

/**
 * The ingress controllers that the platform knows, by the name that an environment has for them.
 *
 * Neither Traefik nor Contour limits a body by itself, and Traefik lets an answer take as long as it does. Traefik, Contour and
 * F5's NGINX let some addresses in by objects of their own alone, which no annotation of an Ingress makes.
 *
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/ (cuts off at 1 MiB and 60 s)
 * @see https://github.com/kubernetes/ingress-nginx#retiring
 * @see https://docs.nginx.com/nginx-ingress-controller/configuration/ingress-resources/advanced-configuration-with-annotations/ (1 MiB, 60 s)
 * @see https://doc.traefik.io/traefik/reference/install-configuration/entrypoints/ (`respondingTimeouts`)
 * @see https://doc.traefik.io/traefik/reference/routing-configuration/http/middlewares/ipallowlist/
 * @see https://github.com/haproxytech/kubernetes-ingress/blob/master/documentation/annotations.md (50 s)
 * @see https://haproxy-ingress.github.io/docs/configuration/keys/ (50 s)
 * @see https://projectcontour.io/docs/main/config/annotations/ (15 s for all of an answer)
 */
const controllers = {
  "ingress-nginx": {
    title: "ingress-nginx",
    controller: /ingress-nginx$/,
    className: "nginx",
    namespace: "ingress-nginx",
    limits: (bodySize) => ({
      "nginx.ingress.kubernetes.io/proxy-body-size": bodySize,
      "nginx.ingress.kubernetes.io/proxy-read-timeout": String(pauseSeconds),
      "nginx.ingress.kubernetes.io/proxy-send-timeout": String(pauseSeconds),
    }),
    allowLists: ["nginx.ingress.kubernetes.io/whitelist-source-range"],
    otherAllowLists: ["nginx.ingress.kubernetes.io/allowlist-source-range"],
    authentication: names("nginx.ingress.kubernetes.io", "auth-url", "auth-type", "auth-tls-secret"),
    ended: "2026-03-24",
  },
  haproxy: {
    title: "HAProxy",
    controller: /^haproxy\.org\/ingress-controller(\/|$)/,
    className: "haproxy",
    namespace: "haproxy-controller",
    limits: () => ({ "haproxy.org/timeout-server": `${pauseSeconds}s` }),
    // Before 1.11 it knows the second alone, and would let everybody in.
    allowLists: ["haproxy.org/allow-list", "haproxy.org/whitelist"],
    authentication: ["haproxy.org/auth-type"],
  },
  "haproxy-ingress": {
    title: "HAProxy Ingress",
    controller: /^haproxy-ingress\.github\.io\/controller(\/|$)/,
    className: "haproxy",
    namespace: "ingress-controller",
    limits: (bodySize) => ({
      "haproxy-ingress.github.io/proxy-body-size": bodySize === "0" ? "unlimited" : bodySize,
      "haproxy-ingress.github.io/timeout-server": `${pauseSeconds}s`,
    }),
    allowLists: ["haproxy-ingress.github.io/allowlist-source-range"],
    otherAllowLists: ["haproxy-ingress.github.io/whitelist-source-range"],
    authentication: names("haproxy-ingress.github.io", "auth-url", "auth-secret", "auth-tls-secret"),
  },
  traefik: {
    title: "Traefik",
    controller: /^traefik\.io\/ingress-controller$/,
    className: "traefik",
    namespace: "traefik",
  },
  contour: {
    title: "Contour",
    className: "contour",
    namespace: "projectcontour",
    // The whole of an answer counts, however much of it has come. What pauses is cut off after 5 minutes.
    limits: () => ({ "projectcontour.io/response-timeout": "infinity" }),
  },
  "f5-nginx": {
    title: "F5 NGINX",
    controller: /^nginx\.org\/ingress-controller$/,
    className: "nginx",
    namespace: "nginx-ingress",
    limits: (bodySize) => ({
      "nginx.org/client-max-body-size": bodySize,
      "nginx.org/proxy-read-timeout": `${pauseSeconds}s`,
      "nginx.org/proxy-send-timeout": `${pauseSeconds}s`,
    }),
    authentication: ["nginx.org/basic-auth-secret", "nginx.com/jwt-key"],
  },
} as const satisfies { readonly [name: string]: IngressController };

/** As an environment names it; `other` is one that the platform does not know. */
export type ControllerName = keyof typeof controllers | "other";

const known = Object.keys(controllers) as (keyof typeof controllers)[];

export const controllerNames: readonly [ControllerName, ...ControllerName[]] = ["other", ...known];

/** One of that name. @returns undefined for another than those that are known */
export function ingressController(name: ControllerName | undefined): IngressController | undefined {
  return name === undefined || name === "other" ? undefined : controllers[name];
}

/** Whose IngressClass is called so: `nginx`, or a name with that word in it, such as `nginx-internal`. */
export function controllerOfClass(className: string): ControllerName | undefined {
  return known.find((name) => className.split(/[-.]/).includes(controllers[name].className));
}

/** Whose an IngressClass is, by its `spec.controller`. */
export function controllerOfObject(controller: string): ControllerName | undefined {
  return known.find((name) => ingressController(name)?.controller?.test(controller));
}

/** The annotations that let some addresses in alone, of one or of all of them. */
export function allowLists(of: readonly ControllerName[] = known): string[] {
  return of.flatMap((name) => {
    const found = ingressController(name);
    return [...(found?.allowLists ?? []), ...(found?.otherAllowLists ?? [])];
  });
}

/** Those by which an Ingress can be kept to some addresses, in words. */
export function controllersWithAllowLists(): string {
  const able = known.filter((name) => allowLists([name]).length > 0);
  return new Intl.ListFormat("en-GB").format(able.map((name) => `${controllers[name].title} (${name})`));
}

/** What there is to say of one that has ended. @default - nothing */
export function endedSentence(name: ControllerName | undefined): string | undefined {
  const { title, ended } = ingressController(name) ?? {};
  return ended && `${title} ended on ${ended}: no release and no security fix has come since`;
}
