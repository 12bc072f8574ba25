import { Clone, sentinels } from "../clone";
import { expectDocumented } from "../documented";
import { family, killAll } from "../running-process";
import { unwrapped, wideLines } from "../printed";
import { waitFor } from "../wait-for";

jest.setTimeout(300_000);

/** What no output may show. */
const planted = sentinels("day-two");

let clone: Clone;

async function run(name: string, ...args: string[]): Promise<string> {
  const { exitCode, output } = await clone.npm(name, ["--environment", "sandbox", ...args]);
  expect([exitCode, output]).toEqual([0, output]);
  return output;
}

const drift = (...args: string[]) => clone.npm("drift", ["--environment", "sandbox", ...args]);

/** Another than the one that was deployed. */
const otherQuota = "{ cpu: '16', memory: 32Gi, storage: 200Gi, pods: 20 }";

beforeAll(async () => {
  clone = new Clone();
  clone.writeCredentials(planted);
  // A state in the cluster is locked there, too: a killed Terraform leaves its lock behind.
  clone.replace(
    "environments/sandbox.yaml",
    "\napplications:",
    "\nstate: { backend: kubernetes }\n\napplications:",
  );
  await clone.commit("as it is");
  const { exitCode, output } = await clone.npm("up");
  if (exitCode !== 0) throw new Error(output);
}, 900_000);
afterAll(() => clone.remove());

describe("npm run drift", () => {
  it("finds nothing after a deploy, foundation and credentials included, nor anything unknown", async () => {
    const output = await run("drift");
    expect(output).toMatch(/^foundation \(the state\): \d\d objects, as deployed$/m);
    expect(output).toMatch(/^ollama \(revision 1, ollama [\d.]+\): \d+ objects, as deployed$/m);
    expect(output).toMatch(/^librechat \(revision 1, librechat [\d.]+\): \d+ objects, as deployed$/m);
    expect(output).toMatch(/\n\nnothing drifted$/);
    expect(output).not.toContain("not checked");
  });

  it("finds what was changed of the foundation and of the credentials, and puts it back", async () => {
    await clone.kubectl(
      "label",
      "namespace",
      "ollama",
      "pod-security.kubernetes.io/enforce=privileged",
      "--overwrite",
    );
    await clone.kubectl("--namespace", "librechat", "delete", "networkpolicy", "default-deny");
    const secret = ["--namespace", "librechat", "patch", "secret", "librechat-credentials-env", "--patch"];
    await clone.kubectl(...secret, JSON.stringify({ stringData: { JWT_SECRET: "planted-by-somebody" } }));
    const { exitCode, output } = await drift();
    expect(exitCode).toBe(2);
    const text = unwrapped(output);
    expect(text).toContain(
      'Namespace/ollama metadata.labels["pod-security.kubernetes.io/enforce"]: deployed restricted, live privileged (set by kubectl-label at',
    );
    expect(text).toContain("NetworkPolicy/default-deny in librechat is gone from the cluster");
    expect(text).toMatch(
      /Secret\/librechat-credentials-env in librechat data: deployed fingerprint \d+, live fingerprint \d+ \(set by kubectl-patch at/,
    );
    expect(wideLines(output)).toEqual([]);
    const foundation = /^foundation[\s\S]*?\n(?=\n)/m;
    expectDocumented("drift-foundation", "npm run drift", output, clone.root, foundation);

    const fixed = await run("drift", "--fix", "--yes");
    expect(fixed).toContain("   +  Namespace/ollama: put back by an apply of its plan\n");
    expect(fixed).toContain(
      "   +  Secret/librechat-credentials-env: the credentials of the deploy put back;",
    );
    expect((await drift()).output).toMatch(/nothing drifted$/);
    const { data } = await clone.get("secret", "--namespace", "librechat", "librechat-credentials-env");
    expect(Buffer.from(data?.JWT_SECRET ?? "", "base64").toString()).toBe(planted.jwt_secret);
    for (const value of [...Object.values(planted), "planted-by-somebody"]) {
      expect(output + fixed).not.toContain(value);
    }
    expect(await run("diff")).toMatch(/nothing differs$/);
  });

  it("finds what was added, which a deploy leaves where Terraform does not see it, and takes it away", async () => {
    const range = "nginx.ingress.kubernetes.io/whitelist-source-range";
    await clone.kubectl("--namespace", "librechat", "annotate", "ingress", "--all", `${range}=0.0.0.0/0`);
    await clone.kubectl("--namespace", "ollama", "set", "env", "deployment/ollama", "DEBUG=1");
    const left = await run("deploy", "--yes");
    expect(unwrapped(left)).toContain(
      "release librechat was changed by other means: no plan sees it: a deploy leaves it as it is",
    );
    expect(left).toContain("no changes: none is planned");
    const { exitCode, output: diff } = await clone.npm("diff", ["--environment", "sandbox"]);
    const annotation = `Ingress/librechat-librechat metadata.annotations["${range}"]`;
    expect([exitCode, unwrapped(diff)]).toEqual([
      2,
      expect.stringContaining("containers[ollama].env[DEBUG]"),
    ]);

    const patch = (what: string, type: string, content: unknown) =>
      clone.kubectl("patch", ...what.split(" "), "--type", type, "--patch", JSON.stringify(content));
    await patch("networkpolicy default-deny -n ollama", "merge", { spec: { ingress: [{}] } });
    const group = { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "others" };
    const subject = { op: "add", path: "/subjects/-", value: group };
    await patch("rolebinding llm-platform-edit -n ollama", "json", [subject]);
    // Neither of these does Terraform see.
    await clone.kubectl("annotate", "namespace", "ollama", "example.kubernetes.io/note=1");
    const extra = { stringData: { EXTRA: "planted-by-somebody" } };
    await patch("secret librechat-credentials-env -n librechat", "merge", extra);
    const { output } = await drift();
    // What is longer than a line is broken anywhere.
    const joined = (text: string) => text.replace(/\s+/g, "");
    for (const one of [
      "NetworkPolicy/default-deny in ollama spec.ingress: deployed nothing, live [{}] (set by kubectl-patch at",
      "RoleBinding/llm-platform-edit in ollama subjects[others]: deployed nothing",
      'Namespace/ollama metadata.annotations["example.kubernetes.io/note"]: deployed nothing, live 1 (set by',
      "Secret/librechat-credentials-env in librechat data.EXTRA: deployed nothing, live (hidden",
      `${annotation}: deployed nothing, live 0.0.0.0/0 (set by kubectl-annotate at`,
      'env[DEBUG]: deployed nothing, live {"name":"DEBUG","value":"1"} (set by kubectl-set at',
    ]) {
      expect(joined(output)).toContain(joined(one));
    }
    expect(output).not.toContain("planted-by-somebody");
    await run("drift", "--fix", "--yes");
    expect((await drift()).output).toMatch(/nothing drifted$/);
    expect(await run("diff")).toMatch(/nothing differs$/);
  });

  it("makes a Secret of credentials that is gone anew, with those that were deployed", async () => {
    await clone.kubectl("--namespace", "librechat", "delete", "secret", "librechat-credentials-env");
    expect(unwrapped((await drift()).output)).toContain(
      "Secret/librechat-credentials-env in librechat is gone",
    );
    await run("drift", "--fix", "--yes");
    const { data } = await clone.get("secret", "--namespace", "librechat", "librechat-credentials-env");
    expect(Buffer.from(data?.CREDS_KEY ?? "", "base64").toString()).toBe(planted.creds_key);
  });

  it("leaves the foundation alone where this working tree says otherwise than what was deployed", async () => {
    const hard = async () => JSON.stringify((await clone.get("resourcequota", "quota", "-n", "ollama")).spec);
    const deployed = await hard();
    await clone.kubectl(
      ...["--namespace", "ollama", "patch", "resourcequota", "quota", "--type", "merge"],
      ...["--patch", JSON.stringify({ spec: { hard: { pods: "99" } } })],
    );
    const drifted = await hard();
    clone.replace("environments/sandbox.yaml", "\n  ollama:\n", `\n  ollama:\n    quota: ${otherQuota}\n`);
    const { exitCode, output } = await drift("--fix", "--yes");
    clone.replace("environments/sandbox.yaml", `    quota: ${otherQuota}\n`, "");
    expect(exitCode).toBe(2);
    expect(unwrapped(output)).toContain(
      "ResourceQuota/quota: this working tree says otherwise than what was deployed",
    );
    expect(await hard()).toBe(drifted);
    await run("drift", "--fix", "--yes");
    expect(await hard()).toBe(deployed);
  });
});

describe("npm run rollback", () => {
  it("names the commit to revert, diff says the same, and reverting it makes the rollback last", async () => {
    clone.replace("values/ollama.yaml", "memory: 8Gi", "memory: 7Gi");
    await clone.commit("Give Ollama less memory");
    const bad = await clone.git("rev-parse", "--short", "HEAD");
    await run("deploy", "--yes");
    const output = await run("rollback", "ollama", "--yes");
    expect(output).toContain("change Deployment/ollama (+1 -1)");
    expect(output).toContain(`    git revert ${bad}   # Give Ollama less memory`);

    const { exitCode, output: report } = await clone.npm("diff", ["--environment", "sandbox"]);
    expect(exitCode).toBe(2);
    expect(unwrapped(report)).toContain(
      `release ollama was rolled back to revision 1 (as revision 3): a deploy leaves it so until something else of the release changes, and then undoes it: git revert ${bad} first`,
    );
    expect(report).not.toContain("somebody deployed it by other means");
    // The wording of Git's summary apart, it is one warning of the report.
    const warning = /^.*release ollama was rolled back[\s\S]*?first$/m;
    expectDocumented("diff-after-rollback", "npm run diff", report, clone.root, warning);

    await clone.git("revert", "--no-edit", bad);
    await run("deploy", "--yes");
    expect(await run("diff")).toMatch(/nothing differs$/);
    expect((await drift()).output).toMatch(/nothing drifted$/);
    const deployment = await clone.get("deployment", "--namespace", "ollama", "ollama");
    expect(JSON.stringify(deployment)).toContain('"memory":"8Gi"');
  });
});

describe("npm run unlock", () => {
  it("frees the release and Terraform's lock of a killed deploy, and the next deploy goes through", async () => {
    const before = (await clone.history("ollama")).at(-1)?.revision ?? 0;
    // No node has this label: the pod stays pending until one has.
    clone.replace("values/ollama.yaml", "\nservice:", "\nnodeSelector: { held-by: nobody }\n\nservice:");
    const deploy = clone.npmBegun("deploy", ["--environment", "sandbox", "--yes"]);
    await clone.pending("ollama");
    killAll(await family(deploy.pid));
    expect((await deploy.ended()).signal).toBe("SIGKILL");
    await clone.kubectl("label", "nodes", "--all", "held-by=nobody");
    // The lock of the one that was killed is believed for a moment.
    const stuck = await clone.npm("deploy", ["--environment", "sandbox", "--yes", "--wait", "60s"]);
    expect([stuck.exitCode, stuck.output]).toEqual([1, stuck.output]);
    expect(stuck.output).toContain("npm run unlock");

    const printed = await run("unlock", "--yes");
    const waiting = /^release {2}[\s\S]*/m;
    expectDocumented("unlock-deploy", "npm run unlock -- --yes", printed, clone.root, waiting);
    const output = unwrapped(printed);
    expect(output).toContain(`release ollama in ollama, revision ${before + 1} status pending-upgrade`);
    expect(output).toContain("lock on the state of llm-apps");
    expect(output).toMatch(/its deployer is gone: \S+ no longer renews the lock, and nothing/);

    // Helm takes nothing away that a failed revision added: whoever goes back to the values from before keeps it.
    const selector = "spec.template.spec.nodeSelector";
    expect((await drift()).output).toMatch(/nodeSelector: deployed nothing, live/);
    await run("drift", "--fix", "--yes");
    expect(await clone.get("deployment", "--namespace", "ollama", "ollama")).not.toHaveProperty(selector);
    await run("deploy", "--yes");
    expect(await clone.get("deployment", "--namespace", "ollama", "ollama")).toHaveProperty(selector);
    expect((await clone.history("ollama")).slice(-2)).toMatchObject([
      { revision: before + 1, status: "failed" },
      { revision: before + 2, status: "deployed" },
    ]);
    expect(await run("unlock")).toBe("nothing is stuck");
  });
});

describe("a deploy whose Terraform goes on", () => {
  /** A deploy that waits for pods which no node takes. */
  const waiting = async (label: string) => {
    clone.replace(
      "values/ollama.yaml",
      /nodeSelector: .*/.exec(clone.read("values/ollama.yaml"))?.[0] ?? "",
      label,
    );
    const deploy = clone.npmBegun("deploy", ["--environment", "sandbox", "--yes"]);
    await clone.pending("ollama");
    return deploy;
  };
  const running = () => [
    ...clone.processes("terraform apply"),
    ...clone.processes("terraform-provider-helm"),
  ];

  it("is named after it was killed, by whoever finds what it left, and unlock is what helps once that has ended", async () => {
    const deploy = await waiting("nodeSelector: { held-by: somebody }");
    deploy.signal("SIGKILL");
    await deploy.ended();
    const { exitCode, output } = await clone.npm("unlock", ["--environment", "sandbox", "--yes"]);
    expect([exitCode, unwrapped(output)]).toEqual([
      2,
      expect.stringMatching(
        /terraform apply \(process \d+, since \S+Z\) and terraform-provider-.* run here, in this repository: .* or end them with kill [\d ]+, then run this again/,
      ),
    ]);
    expectDocumented("unlock-running", "npm run unlock", output, clone.root);
    for (const [command, ...args] of [
      ["diff"],
      ["rollback", "ollama", "--yes"],
      ["deploy", "--yes"],
    ] as const) {
      const said = await clone.npm(command, ["--environment", "sandbox", ...args]);
      expect(unwrapped(said.output)).toMatch(
        /release ollama is pending-upgrade, .*terraform apply \(process \d+, since .* kill [\d ]+, then free what is left with: npm run unlock/,
      );
    }
    const [, pids = ""] = /kill ([\d ]+), then/.exec(unwrapped(output)) ?? [];
    for (const pid of pids.split(" ").map(Number)) process.kill(pid);
    await waitFor("they have ended", () => running().length === 0);
    expect(unwrapped(await run("unlock", "--yes"))).toContain("and nothing that it started runs");
  });

  it("goes with the sandbox, and so does the deploy", async () => {
    const deploy = await waiting("nodeSelector: { held-by: another }");
    const down = await clone.npm("down");
    expect([down.exitCode, down.output]).toEqual([
      0,
      expect.stringMatching(
        /^ended what worked on the sandbox: terraform apply \(process \d+, since .*\nremoved the/,
      ),
    ]);
    expect(running()).toEqual([]);
    expect(await deploy.ended()).toMatchObject({
      exitCode: 1,
      output: expect.not.stringContaining("    at "),
    });
  });
});
