import { loadEnvironment } from "../../../../applications/load-environment";
import { ingressClassCheck } from "../../../../operations/doctor/classes";
import type { ControllerName } from "../../../../settings/ingress-controllers";
import { repository } from "../../sample-repository";

// Ollama is exposed in the one and not in the other.
const guarded = loadEnvironment(repository, "minikube");
const chatAlone = loadEnvironment(repository, "minikube-cpu");

function checks(
  environment: typeof guarded,
  className: string,
  controller: ControllerName,
  objects: { readonly [name: string]: string },
) {
  const ingress = { className, controller, controllerNamespace: "edge" };
  return ingressClassCheck(
    {
      ingressClasses: {
        value: Object.entries(objects).map(([name, served]) => ({
          metadata: { name },
          spec: { controller: served },
        })),
      },
      namespaces: { value: ["edge"] },
    },
    { ...environment, ingress },
  );
}

test("a class of what the environment says is fine, with a word where that has ended", () => {
  expect(checks(chatAlone, "traefik", "traefik", { traefik: "traefik.io/ingress-controller" })).toEqual([
    { group: "cluster", name: "IngressClass", result: "ok", found: "traefik, its controller in edge" },
  ]);
  expect(checks(guarded, "nginx", "ingress-nginx", { nginx: "k8s.io/ingress-nginx" })).toMatchObject([
    { name: "IngressClass", result: "ok" },
    {
      name: "ingress controller",
      result: "warning",
      found: "ingress-nginx ended on 2026-03-24: no release and no security fix has come since",
      fix: 'go over to another: "The ingress controller" in docs/operations.md',
    },
  ]);
});

test("a class of another ingress controller is a failure where address ranges count, and else a warning", () => {
  const objects = { nginx: "nginx.org/ingress-controller" };
  const found =
    "nginx is served by nginx.org/ingress-controller, and what is written is for ingress-nginx (ingress.controller)";
  expect(checks(guarded, "nginx", "ingress-nginx", objects)).toMatchObject([
    {
      result: "failed",
      found: `${found}: ollama would be open to everybody`,
      fix: "say whose it is: ingress.controller: f5-nginx in environments/minikube.yaml",
    },
  ]);
  expect(checks(chatAlone, "nginx", "ingress-nginx", objects)).toMatchObject([{ result: "warning", found }]);
  expect(checks(chatAlone, "public", "other", { public: "traefik.io/ingress-controller" })).toMatchObject([
    { result: "warning", fix: expect.stringContaining("ingress.controller: traefik in") },
  ]);
  expect(checks(chatAlone, "alb", "other", { alb: "ingress.k8s.aws/alb" })).toMatchObject([{ result: "ok" }]);
});

test("a class that is not there is a failure, but for one whose controller reads its name alone", () => {
  expect(checks(chatAlone, "traefik", "traefik", { nginx: "k8s.io/ingress-nginx" })).toMatchObject([
    {
      result: "failed",
      found: "traefik is not there (there are: nginx), and nothing would serve the ingress",
    },
  ]);
  expect(checks(chatAlone, "contour", "contour", {})).toMatchObject([{ result: "ok" }]);
});
