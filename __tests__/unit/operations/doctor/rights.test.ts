import type { RightAnswer } from "../../../../operations/doctor/needed-rights";
import { rightsChecks } from "../../../../operations/doctor/rights";

const denied = (resource: string, verb: string, more: object = {}): RightAnswer => ({
  right: { resource, verbs: [verb], ...more },
  verb,
  allowed: false,
});

test("the same lack in two namespaces is one line, and another lack another", () => {
  const answers = [
    denied("secrets", "create", { namespace: "ollama" }),
    denied("secrets", "create", { namespace: "librechat" }),
    denied("deployments.apps", "patch", { namespace: "ollama" }),
  ];
  const checks = rightsChecks({ user: "mira", rights: { value: answers } });
  expect(checks.map(({ result, name, found }) => [result, name, found])).toEqual([
    ["failed", "secrets in ollama, librechat", "may not create"],
    ["failed", "deployments.apps in ollama", "may not patch"],
  ]);
  expect(checks[0]?.fix).toContain(
    "kubectl create clusterrole llm-platform-deployer --verb create,patch --resource secrets,deployments.apps",
  );
  expect(checks[0]?.fix).toMatch(/clusterrolebinding llm-platform-deployer .* --user mira$/m);
});

test("what a deploy does without is a warning", () => {
  const answers = [denied("pods/log", "get", { namespace: "ollama", without: "nobody sees a log" })];
  expect(rightsChecks({ user: "mira", rights: { value: answers } })).toMatchObject([
    { result: "warning", name: "pods/log in ollama", found: "may not get: nobody sees a log" },
  ]);
});

test("rights that could not be asked for are not checked", () => {
  expect(rightsChecks({ user: "mira", rights: { refused: "rights could not be read" } })).toMatchObject([
    { result: "not checked", found: "rights could not be read" },
  ]);
});
