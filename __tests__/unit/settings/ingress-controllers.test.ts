import * as fs from "node:fs";
import * as path from "node:path";
import {
  allowLists,
  controllerNames,
  controllerOfClass,
  controllerOfObject,
  endedSentence,
  ingressController,
} from "../../../settings/ingress-controllers";
import { repository } from "../sample-repository";

test.each([
  ["nginx", "ingress-nginx"],
  ["nginx-internal", "ingress-nginx"],
  ["traefik", "traefik"],
  ["public-haproxy", "haproxy"],
  ["contour", "contour"],
  ["public", undefined],
  ["nginxplus", undefined],
])("the class %s is that of %s by its name", (className, name) => {
  expect(controllerOfClass(className)).toBe(name);
});

test.each([
  ["k8s.io/ingress-nginx", "ingress-nginx"],
  ["k8s.io/internal-ingress-nginx", "ingress-nginx"],
  ["nginx.org/ingress-controller", "f5-nginx"],
  ["haproxy.org/ingress-controller/haproxy", "haproxy"],
  ["haproxy-ingress.github.io/controller", "haproxy-ingress"],
  ["traefik.io/ingress-controller", "traefik"],
  ["ingress.k8s.aws/alb", undefined],
  ["", undefined],
])("an IngressClass of %s is of %s", (controller, name) => {
  expect(controllerOfObject(controller)).toBe(name);
});

test("ingress-nginx alone has ended", () => {
  const ended = controllerNames.flatMap((name) => endedSentence(name) ?? []);
  expect(ended).toEqual(["ingress-nginx ended on 2026-03-24: no release and no security fix has come since"]);
});

test("docs say of each what its class and its namespace are, and whether it keeps Ollama to address ranges", () => {
  const docs = fs.readFileSync(path.join(repository, "docs/operations.md"), "utf8");
  const rows = new Map(
    [...docs.matchAll(/^\| `([\w-]+)` +\|(.*)\|$/gm)].map(([, name = "", rest = ""]) => [
      name,
      rest.split("|").map((cell) => cell.trim()),
    ]),
  );
  const said = controllerNames.map((name) => [name, rows.get(name)?.slice(1, 4)]);
  expect(said).toEqual(
    controllerNames.map((name) => {
      const found = ingressController(name);
      const guards = allowLists([name]).length ? "yes" : "no";
      return [name, found ? [found.className, found.namespace, guards] : ["any", "the class's name", guards]];
    }),
  );
});
