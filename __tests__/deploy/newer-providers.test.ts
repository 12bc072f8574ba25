import * as fs from "node:fs";
import { engineOf } from "../../settings/engine";
import { Clone } from "../clone";
import { engineFault } from "../providers-to-be-had";
import { skippedUnless } from "../skipped-unless";

jest.setTimeout(300_000);

/** The newest that were looked at. */
const newer = { kubernetes: "3.2.1", helm: "3.1.2" };
const { program } = engineOf("terraform", process.env);
const fault = engineFault(program, newer);
const it = skippedUnless(fault === undefined, fault ?? "");
const file = "environments/sandbox.yaml";

let clone: Clone;

beforeAll(() => {
  clone = new Clone();
});
afterAll(() => clone.remove());

/** Deploys by the newer ones from here on. */
function takeNewer(): void {
  const line = `providers: { kubernetes: ${newer.kubernetes}, helm: ${newer.helm} }`;
  clone.replace(file, "\napplications:", `\n${line}\n\napplications:`);
}

async function run(name: string, ...args: string[]): Promise<string> {
  const { exitCode, output } = await clone.npm(name, ["--environment", "sandbox", ...args]);
  expect([exitCode, output]).toEqual([0, output]);
  return output;
}

interface Configuration {
  readonly resource: { readonly [type: string]: unknown };
  readonly data?: { readonly [type: string]: unknown };
}
interface Schemas {
  readonly provider_schemas: {
    readonly [address: string]: {
      readonly provider: unknown;
      readonly resource_schemas: { readonly [type: string]: unknown };
      readonly data_source_schemas: { readonly [type: string]: unknown };
    };
  };
}

/** What the providers of a synthesized stack know of the types that it has, and the names of all types. */
async function known(stack: string) {
  const directory = `cdktf.out/sandbox/stacks/${stack}`;
  const asked = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, output } = await clone.process(program, [`-chdir=${directory}`, ...args]);
    expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
    return output;
  };
  await asked("init", "-input=false");
  expect(JSON.parse(await asked("validate", "-json"))).toMatchObject({ valid: true, diagnostics: [] });
  const { resource, data = {} } = JSON.parse(clone.read(`${directory}/cdk.tf.json`)) as Configuration;
  const { provider_schemas: all } = JSON.parse(await asked("providers", "schema", "-json")) as Schemas;
  const schemas = Object.values(all);
  const of = (types: object, kind: "resource_schemas" | "data_source_schemas") =>
    Object.keys(types).map((type) => [type, schemas.find((one) => type in (one[kind] ?? {}))?.[kind][type]]);
  return {
    used: [
      ...of(resource, "resource_schemas"),
      ...of(data, "data_source_schemas"),
      ...schemas.map(({ provider }) => provider),
    ],
    types: schemas.flatMap((one) => Object.keys(one.resource_schemas ?? {})),
  };
}

it("know all that the bindings say as it was, and each change of theirs is known here", async () => {
  const unchanged = clone.read(file);
  const both = async () => {
    await run("synth");
    return { foundation: await known("foundation"), apps: await known("llm-apps") };
  };
  const before = await both();
  takeNewer();
  const after = await both();
  fs.writeFileSync(clone.file(file), unchanged);
  expect(before.foundation.used.length).toBeGreaterThan(5);
  expect(after.foundation.used).toEqual(before.foundation.used);
  expect(after.apps.used).toEqual(before.apps.used);
  const without = (one: readonly string[], other: readonly string[]) =>
    one.filter((type) => !other.includes(type));
  expect({
    gone: without(before.apps.types, after.apps.types),
    come: without(after.apps.types, before.apps.types),
  }).toEqual({
    gone: ["kubernetes_pod_security_policy", "kubernetes_pod_security_policy_v1beta1"],
    come: ["kubernetes_validating_admission_policy_v1"],
  });
});

it("find what the older ones deployed as it is, and deploy a change", async () => {
  const { exitCode, output } = await clone.npm("up");
  expect([exitCode, output]).toEqual([0, output]);
  takeNewer();
  expect(await run("diff")).toContain("nothing differs");
  expect(await run("drift")).toContain("nothing drifted");
  await run("secrets", "rotate", "JWT_SECRET", "--yes");
  clone.replace(file, "models: 5Gi", "models: 6Gi");
  await run("deploy", "--yes");
  expect(await run("diff")).toContain("nothing differs");
  expect(await run("destroy", "--yes")).toContain("sandbox is gone, with its data");
});
