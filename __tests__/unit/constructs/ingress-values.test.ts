import type { ControllerName } from "../../../settings/ingress-controllers";
import { ingressValues } from "../../../constructs/ingress-values";

const props = {
  className: "nginx",
  controller: "ingress-nginx",
  host: "chat.test",
  bodySize: "25m",
} as const;

test("the values of an ingress look like this", () => {
  expect(
    ingressValues({
      ...props,
      tls: { secretName: "chat-tls", clusterIssuer: "letsencrypt" },
      allowedSourceRanges: ["10.0.0.0/8", "fd00::/8"],
    }),
  ).toMatchInlineSnapshot(`
{
  "annotations": {
    "cert-manager.io/cluster-issuer": "letsencrypt",
    "nginx.ingress.kubernetes.io/proxy-body-size": "25m",
    "nginx.ingress.kubernetes.io/proxy-read-timeout": "600",
    "nginx.ingress.kubernetes.io/proxy-send-timeout": "600",
    "nginx.ingress.kubernetes.io/whitelist-source-range": "10.0.0.0/8,fd00::/8",
  },
  "className": "nginx",
  "enabled": true,
  "hosts": [
    {
      "host": "chat.test",
      "paths": [
        {
          "path": "/",
          "pathType": "Prefix",
        },
      ],
    },
  ],
  "tls": [
    {
      "hosts": [
        "chat.test",
      ],
      "secretName": "chat-tls",
    },
  ],
}
`);
});

test("an ingress without TLS has an empty list of it, and no issuer", () => {
  expect(ingressValues(props)).toMatchObject({ tls: [] });
  expect(ingressValues(props).annotations).not.toHaveProperty(["cert-manager.io/cluster-issuer"]);
});

test("a Secret that somebody else fills needs no issuer", () => {
  const values = ingressValues({ ...props, tls: { secretName: "chat-tls" } });
  expect(values).toMatchObject({ tls: [{ secretName: "chat-tls", hosts: ["chat.test"] }] });
  expect(values.annotations).not.toHaveProperty(["cert-manager.io/cluster-issuer"]);
});

test("an environment's annotations lie beside ours, in the place of those, but never in that of the allow-list", () => {
  const nginx = "nginx.ingress.kubernetes.io";
  const annotations = {
    "cert-manager.io/issuer": "team",
    [`${nginx}/proxy-read-timeout`]: "1200",
    [`${nginx}/whitelist-source-range`]: "0.0.0.0/0",
  };
  expect(ingressValues({ ...props, allowedSourceRanges: ["10.0.0.0/8"], annotations }).annotations).toEqual({
    "cert-manager.io/issuer": "team",
    [`${nginx}/proxy-body-size`]: "25m",
    [`${nginx}/proxy-read-timeout`]: "1200",
    [`${nginx}/proxy-send-timeout`]: "600",
    [`${nginx}/whitelist-source-range`]: "10.0.0.0/8",
  });
});

test("annotations are strings, as the API server wants them", () => {
  for (const value of Object.values(ingressValues(props).annotations as object))
    expect(typeof value).toBe("string");
});

test.each<[ControllerName, limited: object, any: object, ranges: object]>([
  ["other", {}, {}, {}],
  ["traefik", {}, {}, {}],
  [
    "contour",
    { "projectcontour.io/response-timeout": "infinity" },
    { "projectcontour.io/response-timeout": "infinity" },
    {},
  ],
  [
    "haproxy",
    { "haproxy.org/timeout-server": "600s" },
    { "haproxy.org/timeout-server": "600s" },
    { "haproxy.org/allow-list": "10.0.0.0/8,fd00::/8", "haproxy.org/whitelist": "10.0.0.0/8,fd00::/8" },
  ],
  [
    "haproxy-ingress",
    {
      "haproxy-ingress.github.io/proxy-body-size": "25m",
      "haproxy-ingress.github.io/timeout-server": "600s",
    },
    {
      "haproxy-ingress.github.io/proxy-body-size": "unlimited",
      "haproxy-ingress.github.io/timeout-server": "600s",
    },
    { "haproxy-ingress.github.io/allowlist-source-range": "10.0.0.0/8,fd00::/8" },
  ],
  [
    "f5-nginx",
    {
      "nginx.org/client-max-body-size": "25m",
      "nginx.org/proxy-read-timeout": "600s",
      "nginx.org/proxy-send-timeout": "600s",
    },
    {
      "nginx.org/client-max-body-size": "0",
      "nginx.org/proxy-read-timeout": "600s",
      "nginx.org/proxy-send-timeout": "600s",
    },
    {},
  ],
])(
  "%s is told what it needs by its own annotations, and by no other's",
  (controller, limited, any, ranges) => {
    const annotations = (more: object) => ingressValues({ ...props, controller, ...more }).annotations;
    expect(annotations({})).toEqual(limited);
    expect(annotations({ bodySize: "0" })).toEqual(any);
    expect(annotations({ allowedSourceRanges: ["10.0.0.0/8", "fd00::/8"] })).toEqual({
      ...limited,
      ...ranges,
    });
  },
);
