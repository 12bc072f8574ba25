import { gunzipSync } from "node:zlib";
import { Clone, sentinels } from "../clone";
import { minikube } from "../credentials";
import { unwrapped } from "../printed";
import { engineFault } from "../providers-to-be-had";
import { skippedUnless } from "../skipped-unless";

jest.setTimeout(300_000);

const program = "tofu";
const fault = engineFault(program, minikube.providers);
const it = skippedUnless(fault === undefined, fault ?? "");

/** What neither a state nor a file may show. */
const planted = sentinels("opentofu");
const file = "environments/sandbox.yaml";
const quota = (pods: number) => `quota: { cpu: '16', memory: 32Gi, storage: 200Gi, pods: ${pods} }`;

let clone: Clone;

/** The environment alone says what runs. */
const variables = { TERRAFORM_BINARY_NAME: "" };

async function run(
  name: string,
  args: readonly string[] = [],
  more: NodeJS.ProcessEnv = {},
): Promise<string> {
  const { exitCode, output } = await clone.npm(name, ["--environment", "sandbox", ...args], {
    ...variables,
    ...more,
  });
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  return output;
}

/** A state as it lies in the cluster. */
async function stored(
  stack: string,
): Promise<{ readonly encrypted_data?: string; readonly resources?: object[] }> {
  const { data = {} } = await clone.get("secret", `tfstate-default-llm-platform-sandbox-${stack}`);
  return JSON.parse(gunzipSync(Buffer.from(data.tfstate ?? "", "base64")).toString());
}

const registries = async (stack: string): Promise<string[]> => [
  ...new Set(JSON.stringify((await stored(stack)).resources).match(/registry\.\w+\.\w+/g)),
];

beforeAll(async () => {
  clone = new Clone();
  clone.writeCredentials(planted);
  clone.replace(
    file,
    "\napplications:",
    "\nengine: opentofu\nstate: { backend: kubernetes }\n\napplications:",
  );
  // The variable goes before the environment: the state is that of whatever the tier is run with.
  const { exitCode, output } = await clone.npm("up", [], {
    TERRAFORM_BINARY_NAME: process.env.TERRAFORM_BINARY_NAME || "terraform",
  });
  if (exitCode !== 0) throw new Error(output);
}, 900_000);
afterAll(() => clone.remove());

it("is named by the doctor, and finds what Terraform deployed as it was deployed", async () => {
  expect(await run("doctor")).toMatch(/^ {2}ok {11}tofu: OpenTofu \d+\.\d+\.\d+\S* \(1\.11 or newer\)$/m);
  expect(await run("diff")).toContain("nothing differs");
  expect(await run("drift")).toContain("nothing drifted");
});

it("deploys a change, notes its own registry, and keeps no credential in state or plan", async () => {
  clone.replace(file, "    storage:\n", `    ${quota(20)}\n    storage:\n`);
  await run("deploy", ["--yes"]);
  expect(await registries("foundation")).toEqual(["registry.opentofu.org"]);
  const state = JSON.stringify(await stored("foundation"));
  for (const value of Object.values(planted)) {
    expect(state).not.toContain(value);
    expect(clone.filesWith(value)).toEqual([]);
  }
});

it("puts back what drifted", async () => {
  await clone.kubectl("--namespace", "librechat", "delete", "networkpolicy", "default-deny");
  expect(await run("drift", ["--fix", "--yes"])).toContain("+  NetworkPolicy/default-deny: put back");
  expect(await run("drift")).toContain("nothing drifted");
});

it("rotates a credential", async () => {
  const output = await run("secrets", ["rotate", "JWT_SECRET", "--yes"]);
  expect(output).toContain("has the new value, and the old one nowhere");
});

it("is what bare cdktf runs where the variable names it", async () => {
  const diff = ["diff", "llm-apps", "--skip-provider-lock"];
  const { exitCode, output } = await clone.cdktf(diff, { TERRAFORM_BINARY_NAME: program });
  expect([exitCode, output]).toEqual([
    0,
    expect.stringContaining("OpenTofu has been successfully initialized!"),
  ]);
  expect(output).toMatch(/Plan: 0 to add, \d to change, 0 to destroy/);
});

it("gives a lock back that somebody left on its state", async () => {
  const lock = {
    ID: "left-behind",
    Operation: "OperationTypeApply",
    Who: "somebody@elsewhere",
    Created: new Date(0),
  };
  const lease = [
    "--namespace",
    "default",
    "patch",
    "lease",
    "lock-tfstate-default-llm-platform-sandbox-foundation",
  ];
  await clone.kubectl(
    ...lease,
    "--patch",
    JSON.stringify({
      metadata: { annotations: { "app.terraform.io/lock-info": JSON.stringify(lock) } },
      spec: { holderIdentity: lock.ID },
    }),
  );
  const output = unwrapped(await run("unlock", ["--force", "foundation", "--yes"]));
  expect(output).toContain("lock on the state of foundation");
  expect(output).toContain("somebody@elsewhere");
  expect(await run("unlock")).toBe("nothing is stuck");
});

describe("an encrypted state", () => {
  const key =
    'key_provider "pbkdf2" "key" { passphrase = "of-these-tests-alone" }\nmethod "aes_gcm" "key" { keys = key_provider.pbkdf2.key }\n';
  const encrypting = `${key}plan { method = method.aes_gcm.key }\n`;
  const before = `${encrypting}method "unencrypted" "before" {}
state {
  method = method.aes_gcm.key
  fallback { method = method.unencrypted.before }
}`;
  const after = `${encrypting}state { method = method.aes_gcm.key }`;
  const encrypted = (yes: boolean): void => {
    const [is, shall] = ["{ backend: kubernetes }", "{ backend: kubernetes, encrypted: true }"];
    clone.replace(file, ...((yes ? [is, shall] : [shall, is]) as [string, string]));
  };

  it("is not begun without a key, nor by Terraform, and not taken for one that is in clear", async () => {
    encrypted(true);
    const refused = async (more: NodeJS.ProcessEnv): Promise<string> => {
      const { exitCode, output } = await clone.npm("diff", ["--environment", "sandbox"], {
        ...variables,
        ...more,
      });
      expect([exitCode, output]).toEqual([1, output]);
      return unwrapped(output);
    };
    expect(await refused({})).toContain("TF_ENCRYPTION, which says how and with which key, is not set");
    expect(await refused({ TF_ENCRYPTION: after, TERRAFORM_BINARY_NAME: "terraform" })).toContain(
      "Terraform (terraform) knows no encryption",
    );
    expect(await refused({ TF_ENCRYPTION: after })).toContain("the state is in clear, from before");
    encrypted(false);
  });

  it("is made of one in clear as docs/opentofu.md says, and deployed to", async () => {
    await run("synth");
    for (const stack of ["foundation", "llm-apps"]) {
      const { exitCode, output } = await clone.process(
        "sh",
        ["-c", `cd cdktf.out/sandbox/stacks/${stack} && tofu state pull | tofu state push -force -`],
        { ...variables, TF_ENCRYPTION: before },
      );
      expect([exitCode, output]).toEqual([0, output]);
      expect(await stored(stack)).toMatchObject({ encrypted_data: expect.any(String) });
    }
    encrypted(true);
    clone.replace(file, quota(20), quota(30));
    await run("deploy", ["--yes"], { TF_ENCRYPTION: after });
    expect(await stored("foundation")).not.toHaveProperty("resources");
    expect(await run("diff", [], { TF_ENCRYPTION: after })).toContain("nothing differs");
  });

  it("goes with everything else", async () => {
    expect(await run("destroy", ["--yes"], { TF_ENCRYPTION: after })).toContain(
      "sandbox is gone, with its data",
    );
  });
});
