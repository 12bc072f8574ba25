import { checkValues, leavesWithoutEffect } from "../../../../operations/charts/check-values";
import type { YamlMap } from "../../../../settings/yaml-file";
import { repository } from "../../sample-repository";
import { withoutGo } from "../../without-go";
import { probeOf } from "./sample-probe";

/** The keys of leaves that change nothing of what a function renders. */
async function without(values: YamlMap, render: (values: YamlMap, isUpgrade: boolean) => unknown) {
  return (await leavesWithoutEffect(probeOf({}, render), values)).map(({ path }) => path.join("."));
}

test("a leaf whose change changes nothing is found", async () => {
  expect(await without({ a: 1, b: { c: "x", d: "y" } }, ({ a, b }) => [a, (b as YamlMap).c])).toEqual([
    "b.d",
  ]);
});

test("a chart that fails over a value has read it", async () => {
  const render = ({ a }: YamlMap) => {
    if (a !== 1) throw new Error("not 1");
  };
  expect(await without({ a: 1, b: 1 }, render)).toEqual(["b"]);
});

test("and so has one that upgrades only with it", async () => {
  const render = ({ a }: YamlMap, isUpgrade: boolean) => {
    if (isUpgrade && a === null) throw new Error("a is needed");
  };
  expect(await without({ a: 1, b: 1 }, render)).toEqual(["b"]);
});

test("fails where the values do not render as they are, with what the chart says", async () => {
  const render = () => {
    throw new Error("b is needed");
  };
  await expect(without({ a: 1 }, render)).rejects.toThrow(
    "the values as they are do not render: b is needed",
  );
});

test("says what is not known on a machine that cannot render", async () => {
  const context = {
    root: repository,
    environment: "minikube",
    helm: () => "helm",
    probe: withoutGo,
    json: false,
  };
  await expect(checkValues({ ...context, print: () => undefined })).rejects.toThrow(
    "minikube: the contracts refuse no value, and whether each changes what is rendered was not tried: there is no `go` on PATH",
  );
});
