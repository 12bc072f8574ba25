import * as fs from "node:fs";
import { secretsOf } from "../../applications/credentials";
import { secretData } from "../../applications/release-secrets";
import { minikube } from "../credentials";
import { Clone, type KubernetesObject, sentinels } from "../clone";
import { expectDocumented } from "../documented";
import { waitFor } from "../wait-for";

const minutes = (count: number): number => count * 60_000;
jest.setTimeout(minutes(5));

/** One for each credential: none of them may show anywhere. */
const planted = sentinels("rotate");

let clone: Clone;

beforeAll(async () => {
  clone = new Clone();
  clone.writeCredentials(planted);
  const { exitCode, output } = await clone.npm("up");
  if (exitCode !== 0) throw new Error(output);
}, minutes(15));
afterAll(() => clone.remove());

const sandbox = ["--environment", "sandbox"];
const rotate = (...args: string[]) => clone.npm("secrets", ["rotate", ...args, "--yes", ...sandbox]);

/** uid of every pod of both namespaces, by name without the part that is made at random. */
async function uids(): Promise<{ [pod: string]: string }> {
  const pods = [
    ...(await clone.list("pods", "-n", "ollama")),
    ...(await clone.list("pods", "-n", "librechat")),
  ];
  return Object.fromEntries(
    pods
      .filter(({ metadata }) => !("deletionTimestamp" in metadata))
      .map(({ metadata }) => [metadata.name.replace(/(-[a-z0-9]{1,10}-[a-z0-9]{5}|-0)$/, ""), metadata.uid]),
  );
}

/** What the Secret in the cluster holds. */
async function inCluster(name = "librechat-credentials-env"): Promise<{ [key: string]: string }> {
  const { data } = await clone.get<KubernetesObject>("secret", "-n", "librechat", name);
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
  );
}

function stored(): { [variable: string]: string } {
  const lines = [...clone.read("credentials/sandbox.env").matchAll(/TF_VAR_(\w+)=(.*)/g)];
  return Object.fromEntries(lines.map(([, name, value]) => [name, value]));
}

/** Nowhere: not in a file of the clone or the output. */
function expectNowhere(output: string, values: readonly string[]): void {
  for (const value of values.flatMap((value) => [value, Buffer.from(value).toString("base64")])) {
    expect(output).not.toContain(value);
    expect(clone.filesWith(value)).toEqual([]);
  }
}

describe("npm run secrets -- rotate", () => {
  test("replaces a credential in its file and in the cluster, and restarts the pods that read it alone", async () => {
    const before = await uids();
    const { exitCode, output } = await rotate("JWT_SECRET");
    expect(output).toContain(
      "JWT_SECRET: credentials/sandbox.env has a new value; the old one is in it no more",
    );
    expect(output).toContain(
      "JWT_SECRET: Secret/librechat-credentials-env in the cluster has the new value, and the old one nowhere",
    );
    expect(output).toMatch(/made anew: librechat-librechat-\S+$/);
    expectDocumented(
      "rotate",
      "npm run secrets -- rotate JWT_SECRET",
      output,
      clone.root,
      /^JWT_SECRET: Secret[\s\S]*/m,
    );
    expect(exitCode).toBe(0);
    const after = await uids();
    expect(Object.keys(before).sort()).toEqual([
      "librechat-librechat",
      "librechat-meilisearch",
      "librechat-mongodb",
      "ollama",
    ]);
    expect(
      Object.keys(after)
        .filter((pod) => after[pod] !== before[pod])
        .sort(),
    ).toEqual(["librechat-librechat"]);

    const value = stored().jwt_secret ?? "";
    expect(value).toMatch(/^[0-9a-f]{64}$/);
    const data = await inCluster();
    expect(data.JWT_SECRET).toBe(value);
    const [web] = secretsOf(minikube);
    expect(data).toEqual(web && { ...secretData(web, planted), JWT_SECRET: value });
    // Each pod sees its own alone.
    expect(await inCluster("librechat-meilisearch-credentials-env")).toEqual({
      MEILI_MASTER_KEY: planted.meili_master_key,
    });
    expect(await inCluster("librechat-mongodb-credentials-env")).toEqual({
      "mongodb-passwords": planted.mongodb_password,
      "mongodb-root-password": planted.mongodb_root_password,
    });
    expect(clone.read("credentials/sandbox.env")).not.toContain(planted.jwt_secret);
    expect(fs.statSync(clone.file("credentials/sandbox.env")).mode & 0o777).toBe(0o600);
    expectNowhere(output, [...Object.values(planted), value]);
    // Nor in the cluster: the Secret, Helm's releases, the record of it.
    const everything = JSON.stringify(await clone.list("secrets,configmaps,pods", "-A"));
    expect(everything).not.toContain(Buffer.from(planted.jwt_secret ?? "").toString("base64"));
    expect(everything).not.toContain(planted.jwt_secret);
  });

  test("leaves nothing to deploy, and a record", async () => {
    const { output } = await clone.npm("deploy", [...sandbox, "--yes"]);
    expect(output).toContain("no changes");
    const { data } = await clone.get("configmap", "-n", "default", "llm-platform-sandbox-records");
    const records = Object.values(data ?? {}).map((text) => JSON.parse(text));
    expect(records).toContainEqual(
      expect.objectContaining({ action: "rotate", result: "succeeded", note: "JWT_SECRET" }),
    );
  });

  test("fails where something else waits to be deployed, and stores nothing", async () => {
    const before = clone.read("credentials/sandbox.env");
    clone.replace("environments/sandbox.yaml", "models: [tiny]", "models: [tiny, second]");
    const { exitCode, output } = await rotate("MEILI_MASTER_KEY");
    clone.replace("environments/sandbox.yaml", "models: [tiny, second]", "models: [tiny]");
    expect(exitCode).toBe(1);
    expect(output).toContain("nothing was changed: other changes of llm-apps wait to be deployed");
    expect(output).toContain("npm run diff -- --environment sandbox");
    expect(clone.read("credentials/sandbox.env")).toBe(before);
  });

  test("fails where the roll-out does, and says what has the new value and what has not", async () => {
    clone.timeOut("librechat", 15);
    expect((await clone.npm("deploy", [...sandbox, "--yes"])).exitCode).toBe(0);
    // The namespace lets no pod in: the new ones do not come.
    await clone.kubectl("-n", "librechat", "create", "quota", "none", "--hard=pods=0");
    const old = stored().jwt_refresh_secret ?? "";
    const rotating = rotate("JWT_REFRESH_SECRET");
    await clone.kubectl(
      ...["wait", "--for=create", "lease/llm-platform-sandbox", "--namespace", "default", "--timeout=60s"],
    );
    const second = await rotate("MEILI_MASTER_KEY");
    const { exitCode, output } = await rotating;
    await clone.kubectl("-n", "librechat", "delete", "quota", "none");
    // Whoever works on the environment is not disturbed, and nothing is stored meanwhile.
    expect(second.exitCode).toBe(1);
    expect(second.output).toMatch(
      /\(process \d+\) holds the lock of sandbox for rotate since .*: nothing was changed;/,
    );
    expect(stored().meili_master_key).toBe(planted.meili_master_key);
    expect(exitCode).toBe(1);
    expect(output).toContain(
      [
        "JWT_REFRESH_SECRET: credentials/sandbox.env has the new value; so has Secret/librechat-credentials-env in the cluster, but not every pod that reads it was made anew",
        "roll it out with: npm run deploy -- --environment sandbox",
      ].join("\n"),
    );
    const value = stored().jwt_refresh_secret ?? "";
    expect(value).not.toBe(old);
    expect((await inCluster()).JWT_REFRESH_SECRET).toBe(value);
    expectNowhere(output, [old, value]);

    await rolledOut();
  });

  test("waits for Terraform when it is interrupted in the middle of a roll-out, refuses a second Ctrl-C, and says the same", async () => {
    await clone.kubectl("-n", "librechat", "create", "quota", "none", "--hard=pods=0");
    const old = stored().jwt_refresh_secret ?? "";
    const rotating = clone.npmBegun("secrets", ["rotate", "JWT_REFRESH_SECRET", "--yes", ...sandbox]);
    await clone.pending("librechat");
    rotating.signal("SIGINT");
    await rotating.said("stopping: waiting for terraform");
    await waitFor("a second Ctrl-C is refused", () => {
      rotating.signal("SIGINT");
      return rotating.output.includes("refused: ");
    });
    const { exitCode, output } = await rotating.ended();
    await clone.kubectl("-n", "librechat", "delete", "quota", "none");
    expect(exitCode).toBe(1);
    expect(output).toContain(
      "JWT_REFRESH_SECRET: credentials/sandbox.env has the new value; so has Secret/librechat-credentials-env in the cluster, but not every pod that reads it was made anew",
    );
    const value = stored().jwt_refresh_secret ?? "";
    expect(value).not.toBe(old);
    expectNowhere(output, [old, value]);
    expect((await clone.history("librechat")).at(-1)?.status).toBe("failed");
    expect(await clone.list("lease", "--namespace", "default")).toEqual([]);
    expect(clone.processes("terraform apply")).toEqual([]);
    await rolledOut();
  });
});

/** What was stopped half-way is deployed. */
async function rolledOut(): Promise<void> {
  // By now the controllers try again only once in a while.
  clone.timeOut("librechat", 300);
  for (const kind of ["replicaset", "statefulset"]) {
    await clone.kubectl("-n", "librechat", "annotate", kind, "--all", "try=again");
  }
  expect((await clone.npm("deploy", [...sandbox, "--yes"])).exitCode).toBe(0);
  expect(Object.keys(await uids())).toHaveLength(4);
}

describe("a Secret that somebody else fills", () => {
  test("takes over from Terraform's, which stays until then, and the applications read it", async () => {
    const before = await inCluster();
    const { metadata } = await clone.get("secret", "-n", "librechat", "librechat-credentials-env");
    fs.appendFileSync(clone.file("environments/sandbox.yaml"), "\ncredentials: { source: secret }\n");
    fs.rmSync(clone.file("credentials"), { recursive: true });
    expect((await clone.npm("secrets", ["check", ...sandbox])).output).toMatch(
      /^7 credentials, complete and well-formed, from the Secret librechat\/librechat-credentials-env, made by .*; the Secret librechat\/librechat-mongodb-credentials-env/,
    );
    const { exitCode, output } = await clone.npm("deploy", [...sandbox, "--yes"]);
    expect([exitCode, output]).toEqual([0, expect.not.stringContaining("destroy kubernetes_secret")]);
    expect(await inCluster()).toEqual(before);
    expect((await clone.get("secret", "-n", "librechat", metadata.name)).metadata.uid).toBe(metadata.uid);
    expect(clone.read("state/sandbox/foundation.tfstate")).not.toContain("kubernetes_secret_v1");
    const again = await clone.npm("deploy", [...sandbox, "--yes"]);
    expect(again.output).toContain("no changes");
  });

  test("restarts the pods that read it when somebody changed it, with npm run deploy", async () => {
    const before = await uids();
    await patch({ OPENAI_API_KEY: "a-new-key-of-theirs" });
    const { exitCode, output } = await clone.npm("diff", [...sandbox]);
    expect(exitCode).toBe(2);
    expect(output).toMatch(/change Deployment\/librechat-librechat/);
    expect((await clone.npm("deploy", [...sandbox, "--yes"])).exitCode).toBe(0);
    const after = await uids();
    expect(
      Object.keys(after)
        .filter((pod) => after[pod] !== before[pod])
        .sort(),
    ).toEqual(["librechat-librechat"]);
  });

  test("is deployed by bare cdktf, too, without credentials", async () => {
    const revision = await clone.npm("secrets", ["revision", ...sandbox]);
    const deployed = await clone.cdktf(["deploy", "*", "--auto-approve"], {
      TF_VAR_credentials_revision: revision.output,
    });
    expect(deployed.exitCode).toBe(0);
    expect(deployed.output.match(/No changes\./g)).toHaveLength(2);
  });

  test("fails before anything is applied where it lacks a key, without a value", async () => {
    const state = clone.read("state/sandbox/llm-apps.tfstate");
    await patch({ CREDS_IV: null });
    const { exitCode, output } = await clone.npm("deploy", [...sandbox, "--yes"]);
    expect(exitCode).toBe(1);
    expect(output).toContain("CREDS_IV: missing, expected 32 hexadecimal digits");
    expect(output).toContain("credentials.source in environments/sandbox.yaml is secret");
    const { OPENAI_API_KEY: theirs = "", ...others } = await inCluster();
    expect(output).not.toContain(theirs);
    expectNowhere(output, Object.values(others));
    expect(clone.read("state/sandbox/llm-apps.tfstate")).toBe(state);
  });

  test("fails where Terraform is to make it again as long as it is there, and says what to do", async () => {
    clone.replace("environments/sandbox.yaml", "credentials: { source: secret }", "");
    clone.writeCredentials(planted);
    const { exitCode, output } = await clone.npm("deploy", [...sandbox, "--yes"]);
    expect(exitCode).toBe(1);
    // Terraform may have asked for them in any order, and says of each that it is there.
    expect(output).toMatch(
      /somebody else made the Secrets librechat(-\w+)?-credentials-env, .*: delete them/,
    );
    await clone.kubectl(
      ...["-n", "librechat", "delete", "secret", "librechat-credentials-env"],
      ...["librechat-mongodb-credentials-env", "librechat-meilisearch-credentials-env"],
    );
    const again = await clone.npm("deploy", [...sandbox, "--yes"]);
    expect([again.exitCode, again.exitCode === 0 ? "" : again.output]).toEqual([0, ""]);
    expect((await inCluster()).JWT_SECRET).toBe(planted.jwt_secret);
  });
});

/** Changes the Secret as somebody else does. */
async function patch(values: { readonly [key: string]: string | null }): Promise<void> {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value && Buffer.from(value).toString("base64")]),
  );
  await clone.kubectl(
    ...["--namespace", "librechat", "patch", "secret", "librechat-credentials-env", "--type", "merge"],
    ...["--patch", JSON.stringify({ data })],
  );
}
