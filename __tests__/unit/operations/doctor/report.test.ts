import { type Check, checkOf, fit, refuseUnfit } from "../../../../operations/doctor/check";
import { jsonReport, textReport } from "../../../../operations/doctor/report";
import { OperationError } from "../../../../operations/errors/operation-error";

const fix = "kubectl annotate storageclass standard storageclass.kubernetes.io/is-default-class=true";
const checks: readonly Check[] = [
  checkOf("this machine", "node").ok("24.21.0 (^20.19.0 || >=22.12.0)"),
  checkOf("cluster", "StorageClass").failed(
    "none is the default (there are: standard), and claims would wait for one for ever",
    fix,
  ),
  checkOf("cluster", "NetworkPolicy").warning(
    "nothing is known to enforce them here",
    "minikube start --cni calico",
  ),
  checkOf("rights", "pods in ollama").failed("may not list", "ask"),
  checkOf("rights", "secrets in ollama").failed("may not list", "ask"),
  checkOf("capacity", "CPU and memory").notChecked("this user may not see nodes"),
];

test("one line a check in 80 columns, by group, and a command that fixes two is shown once", () => {
  expect(textReport(checks, "minikube")).toBe(`this machine
  ok           node: 24.21.0 (^20.19.0 || >=22.12.0)

cluster
  failed       StorageClass: none is the default (there are: standard), and
               claims would wait for one for ever
               → kubectl annotate storageclass standard storageclass.kubernetes.io/is-default-class=true
  warning      NetworkPolicy: nothing is known to enforce them here
               → minikube start --cni calico

rights
  failed       pods in ollama: may not list
  failed       secrets in ollama: may not list
               → ask

capacity
  not checked  CPU and memory: this user may not see nodes

minikube is not fit for a deploy: 3 failed, 1 warning, 1 not checked, 1 ok
`);
});

test("the JSON has every check and the verdict", () => {
  expect(JSON.parse(jsonReport(checks, "minikube"))).toEqual({ environment: "minikube", fit: false, checks });
});

test("warnings and what was not checked do not make it unfit", () => {
  const harmless = checks.filter(({ result }) => result !== "failed");
  expect(fit(harmless)).toBe(true);
  expect(fit(checks)).toBe(false);
  expect(textReport(harmless, "minikube")).toMatch(/^minikube is fit for a deploy: /m);
  expect(() => refuseUnfit(harmless, { environment: { name: "minikube" } })).not.toThrow();
});

test("a deploy that would fail is refused with each reason and what fixes it, and warnings are left out", () => {
  const refusal = (): void => refuseUnfit(checks, { environment: { name: "minikube" } });
  expect(refusal).toThrow(OperationError);
  expect(refusal).toThrow(
    new OperationError(
      [
        "nothing was deployed: minikube is not fit for it",
        "  StorageClass: none is the default (there are: standard), and claims would wait for one for ever",
        "  pods in ollama: may not list",
        "  secrets in ollama: may not list",
        "what fixes it:",
        `  ${fix}`,
        "  ask",
        "npm run doctor -- --environment minikube shows everything",
      ].join("\n"),
    ),
  );
});
