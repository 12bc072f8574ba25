import * as fs from "node:fs";
import type { Clone } from "../clone";
import { expectDocumented } from "../documented";
import { cloneWithCluster, recordDeploy, release } from "./cluster";
import { unwrapped, wideLines } from "../printed";

jest.setTimeout(120_000);

let clone: Clone;

/** As a deploy does: what is released while the record runs was not made by hand. */
async function deployed(work: () => Promise<void>): Promise<void> {
  const startedAt = new Date().toISOString();
  await work();
  await recordDeploy(clone, 1, startedAt);
}

beforeAll(async () => {
  clone = await cloneWithCluster();
  await deployed(() => reset());
}, 600_000);
afterAll(() => clone.remove());

/** Deploys the chart with nothing but these arguments: without any, Helm takes those of the last time. */
const reset = (...args: string[]) => release(clone, "ollama", ["--reset-values", ...args]);

const drift = (...args: string[]) => clone.npm("drift", ["--environment", "sandbox", ...args]);

interface Report {
  readonly drifted: boolean;
  readonly parts: readonly { readonly name: string; readonly differences: readonly object[] }[];
  readonly byHand: readonly object[];
  readonly unknown?: readonly object[];
}

async function report(...args: string[]): Promise<Report> {
  const { exitCode, output } = await drift("--json", ...args);
  const parsed = JSON.parse(output) as Report;
  expect(exitCode).toBe(parsed.drifted ? 2 : 0);
  return parsed;
}

const differences = async () => (await report()).parts.flatMap((part) => part.differences);

/** Puts everything back, and expects that it says so and that nothing is left. */
async function fixed(): Promise<string> {
  const { exitCode, output } = await drift("--fix", "--yes");
  expect([exitCode, output]).toEqual([0, output]);
  expect(await differences()).toEqual([]);
  return output;
}

describe("a cluster as it was deployed", () => {
  it("says that nothing drifted, what it compared and what it could not", async () => {
    const { exitCode, output } = await drift("--unknown");
    expect(output).toBe(
      [
        "environment   sandbox",
        "context       sandbox",
        "not checked   the foundation: its state is not here",
        "              (state/sandbox/foundation.tfstate): it was deployed from",
        "              elsewhere, or not at all",
        "not checked   release librechat: it is not deployed",
        "not checked   the credentials in librechat/librechat-credentials-env,",
        "              librechat/librechat-mongodb-credentials-env,",
        "              librechat/librechat-meilisearch-credentials-env: no revision of",
        "              them was deployed",
        "",
        "ollama (revision 1, echo 0.1.0): 3 objects, as deployed",
        "",
        "nothing drifted",
      ].join("\n"),
    );
    expect(exitCode).toBe(0);
  });
});

describe("an edit of the cluster", () => {
  it("is shown with its field and who made it, and put back by --fix alone", async () => {
    await clone.kubectl("--namespace", "ollama", "scale", "deployment/ollama", "--replicas", "3");
    await clone.kubectl(
      ...["--namespace", "ollama", "patch", "configmap/ollama", "--type", "merge"],
      ...["--patch", JSON.stringify({ data: { greeting: "bye" } })],
    );
    await clone.kubectl("--namespace", "ollama", "delete", "service/ollama");
    expect(await differences()).toEqual([
      expect.objectContaining({
        object: "ConfigMap/ollama",
        field: "data.greeting",
        deployed: "hello",
        live: "bye",
      }),
      expect.objectContaining({ object: "Service/ollama", field: "" }),
      expect.objectContaining({ field: "spec.replicas", deployed: 1, live: 3, changedBy: "kubectl" }),
    ]);
    const markdown = clone.file("drift.md");
    const { output, exitCode } = await drift("--markdown", markdown);
    expect(exitCode).toBe(2);
    expect(output).toContain("   ~  Service/ollama is gone from the cluster\n");
    expect(output).toContain("put it back with: npm run drift -- --fix --environment sandbox");
    expectDocumented("drift", "npm run drift", output, clone.root);
    expect(wideLines(output)).toEqual([]);
    expect(fs.readFileSync(markdown, "utf8")).toContain("- `Service/ollama is gone from the cluster`\n");

    const unanswered = await drift("--fix");
    expect(unanswered.exitCode).toBe(1);
    expect(unanswered.output).toContain("put back what drifted in sandbox? nobody can answer here");
    expect(await differences()).toHaveLength(3);

    const said = await fixed();
    expect(said).toContain("   +  Deployment/ollama: 1 field put back");
    expect(said).toContain("   +  Service/ollama: made anew\n");
    const putBack = /^.*\+ {2}ConfigMap[\s\S]*|^put back[\s\S]*/m;
    expectDocumented("drift-fix", "npm run drift -- --fix --yes", said, clone.root, putBack);
    // Helm still knows its own, and an upgrade goes through.
    await deployed(() => reset());
    expect(await differences()).toEqual([]);
  });

  it("of a Secret is shown by a keyed hash, and put back", async () => {
    await deployed(() => reset("--set", "password=planted-in-the-manifest"));
    await clone.kubectl(
      ...["--namespace", "ollama", "patch", "secret/ollama", "--type", "merge"],
      ...["--patch", JSON.stringify({ stringData: { password: "planted-in-the-cluster" } })],
    );
    const { output, exitCode } = await drift();
    expect(exitCode).toBe(2);
    expect(unwrapped(output)).toMatch(
      /Secret\/ollama data\.password: deployed \(hidden \w{8}\), live \(hidden \w{8}\) \(set by kubectl-patch at /,
    );
    expect(output).not.toContain("planted");
    await fixed();
    const { data } = await clone.get("secret", "ollama", "--namespace", "ollama");
    expect(Buffer.from(data?.password ?? "", "base64").toString()).toBe("planted-in-the-manifest");
  });

  it("by an autoscaler is none: a controller owns the field", async () => {
    const scaled = (manager: string) =>
      clone.kubectl(
        ...[
          "--namespace",
          "ollama",
          "patch",
          "deployment/ollama",
          "--subresource",
          "scale",
          "--type",
          "merge",
        ],
        ...["--patch", JSON.stringify({ spec: { replicas: 2 } }), "--field-manager", manager],
      );
    await scaled("kube-controller-manager");
    expect(await differences()).toEqual([]);
    // A person's hand on the same field is drift.
    await clone.kubectl("--namespace", "ollama", "scale", "deployment/ollama", "--replicas", "4");
    expect(await differences()).toMatchObject([{ field: "spec.replicas", live: 4, changedBy: "kubectl" }]);
    await fixed();
  });
});

describe("what nobody here deployed", () => {
  it("is shown with --unknown alone, and left by --fix", async () => {
    await clone.kubectl(
      "--namespace",
      "ollama",
      "create",
      "deployment",
      "debug",
      "--image",
      "registry.example/sh:1",
    );
    expect((await report()).drifted).toBe(false);
    expect((await report("--unknown")).unknown).toEqual([
      expect.objectContaining({ object: "Deployment/debug", namespace: "ollama", madeBy: "kubectl-create" }),
    ]);
    const { exitCode, output } = await drift("--unknown", "--fix", "--yes");
    expect(exitCode).toBe(2);
    expect(output).toContain("left as it is\n   !  Deployment/debug: nobody here knows whether it is needed");
    await clone.kubectl("--namespace", "ollama", "delete", "deployment/debug");
    expect((await report("--unknown")).drifted).toBe(false);
  });
});

describe("a revision that was made by hand", () => {
  it("is shown with the program that made it, and rolled back by --fix", async () => {
    const before = (await clone.history("ollama")).at(-1)?.revision ?? 0;
    await reset("--set", "greeting=hi");
    const { byHand } = await report();
    expect(byHand).toEqual([
      expect.objectContaining({
        release: "ollama",
        revision: before + 1,
        status: "deployed",
        madeBy: "Helm",
      }),
    ]);
    const said = await fixed();
    expect(said).toContain(`   +  release ollama: rolled back to revision ${before}`);
    const { data } = await clone.get("configmap", "ollama", "--namespace", "ollama");
    expect(data?.greeting).toBe("hello");
    // The rollback of --fix is recorded, and no hand's work.
    expect((await report()).byHand).toEqual([]);
  });
});

describe("a cluster that does not answer", () => {
  it("fails, and says nothing of drift", async () => {
    clone.replace(".sandbox/kubeconfig", "server: https://127.0.0.1:", "server: https://127.0.0.2:");
    const { exitCode, output } = await drift();
    clone.replace(".sandbox/kubeconfig", "server: https://127.0.0.2:", "server: https://127.0.0.1:");
    expect(exitCode).toBe(1);
    expect(output).toMatch(
      /^nothing is known of drift: the API server of the context sandbox does not answer: /,
    );
  });
});
