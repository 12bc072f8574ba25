import * as fs from "node:fs";
import * as path from "node:path";
import { Clone, sentinels } from "../clone";
import { HeldProgram } from "../held-program";
import { wideLines } from "../printed";

const seconds = 1000;

jest.setTimeout(120 * seconds);

let clone: Clone;

const diff = (...args: string[]) => clone.npm("diff", ["--environment", "sandbox", ...args]);

async function deploy(): Promise<void> {
  const { exitCode, output } = await clone.npm("deploy", ["--environment", "sandbox", "--yes"]);
  if (exitCode !== 0) throw new Error(output);
}

/** Edits a file until the work is done. */
async function edited<Result>(
  file: string,
  edit: (text: string) => string,
  work: () => Promise<Result>,
): Promise<Result> {
  const absolute = clone.file(file);
  const text = clone.read(file);
  const other = edit(text);
  if (other === text) throw new Error(`${file}: nothing to edit`);
  fs.writeFileSync(absolute, other);
  try {
    return await work();
  } finally {
    fs.writeFileSync(absolute, text);
  }
}

/** Every file below a directory; links lead to the providers. */
function files(below: string): string[] {
  return fs.readdirSync(below, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(below, entry.name);
    return entry.isDirectory() ? files(file) : entry.isFile() ? [file] : [];
  });
}

/** Plans that a run left in the stacks' directories. */
function leftOvers(): string[] {
  return files(clone.file("cdktf.out")).filter((file) => /diff-\d+/.test(file));
}

beforeAll(async () => {
  clone = new Clone();
  await clone.commit("as it is");
  await clone.startCluster();
});

afterAll(() => clone.remove());

describe("npm run diff of a cluster without the platform", () => {
  it("shows everything as new, without credentials", async () => {
    const { exitCode, output } = await diff("--json");
    expect(exitCode).toBe(2);
    const report = JSON.parse(output);
    expect(report.notes).toEqual([
      expect.stringMatching(/^no credentials of sandbox are here: /),
      expect.stringContaining('found "bitnamilegacy/mongodb", an archive'),
    ]);
    expect(report.resources.filter(({ action }: { action: string }) => action !== "add")).toEqual([]);
    expect(report.resources).toContainEqual(
      expect.objectContaining({ stack: "llm-apps", address: "helm_release.ollama" }),
    );
    const [librechat, ollama] = report.releases;
    expect(ollama.versions).toEqual({ new: expect.any(String) });
    expect(ollama.objects.map(({ object }: { object: string }) => object)).toContain("Deployment/ollama");
    expect(librechat.objects.length).toBeGreaterThan(10);
    expect(report.warnings.map(({ text }: { text: string }) => text)).toContain(
      "Ingress/librechat-librechat: is reached at librechat.sandbox.test",
    );
  });
});

describe("npm run diff of a deployed platform", () => {
  /** Values that must show nowhere: one for each credential. */
  const planted = sentinels("diff");

  beforeAll(async () => {
    clone.writeCredentials(planted);
    await deploy();
  });

  it("says that nothing differs, and leaves no plan behind", async () => {
    const { exitCode, output } = await diff();
    expect(output).toMatch(/\n\nnothing differs$/);
    expect(exitCode).toBe(0);
    expect(leftOvers()).toEqual([]);
  });

  it("finds no difference without credentials either: the revision is that of the state", async () => {
    fs.renameSync(clone.file("credentials"), clone.file("elsewhere"));
    try {
      const { exitCode, output } = await diff();
      expect(output).toMatch(/no credentials of sandbox are here/);
      expect(exitCode).toBe(0);
    } finally {
      fs.renameSync(clone.file("elsewhere"), clone.file("credentials"));
    }
  });

  it("plans one change and renders one release where one value changed, with one provider of each kind", async () => {
    const { exitCode, output } = await edited(
      "values/ollama.yaml",
      (text) => `${text}\nreplicaCount: 2\n`,
      () => diff("--json", "--timing"),
    );
    expect(exitCode).toBe(2);
    const [json = "", spans = ""] = output.split(/^(?=where the time went)/m);
    const { resources, releases } = JSON.parse(json);
    expect(resources.map(({ address, action }: Record<string, string>) => [address, action])).toEqual([
      ["helm_release.ollama", "change"],
    ]);
    const changed = releases.filter(({ objects }: { objects: unknown[] }) => objects.length > 0);
    expect(changed.map(({ name }: { name: string }) => name)).toEqual(["ollama"]);
    const started = [...spans.matchAll(/^(helm template|provider \w+) .*? (\d+) +\d/gm)];
    expect(started.map(([, what, times]) => [what, times]).sort()).toEqual([
      ["helm template", "1"],
      ["provider helm", "1"],
      ["provider kubernetes", "1"],
    ]);
  });

  it("shows a changed credential by the revision alone", async () => {
    const value = "f0".repeat(32);
    const { exitCode, output } = await edited(
      "credentials/sandbox.env",
      (text) => text.replace(/(?<=jwt_secret=).*/, value),
      () => diff(),
    );
    expect(exitCode).toBe(2);
    expect(output).toMatch(/change +foundation +kubernetes_secret_v1/);
    expect(output).toMatch(/\+data_wo_revision: \d+/);
    expect(output).toMatch(/change Deployment\/librechat-librechat/);
    expect(output).not.toContain(value);
  });

  it("warns of another version of a database before it, and not of another build of the same", async () => {
    const tag = (mongodb: string, meilisearch: string) => (text: string) =>
      text
        .replace(/^ +repository: bitnamilegacy\/mongodb.*\n/m, `$&    tag: ${mongodb}\n`)
        .replace(/^meilisearch:\n/m, `$&  image: { tag: ${meilisearch} }\n`);
    const warnings = async (mongodb: string, meilisearch: string): Promise<string[]> => {
      const { output } = await edited("values/librechat.yaml", tag(mongodb, meilisearch), () =>
        diff("--json"),
      );
      const report = JSON.parse(output) as { warnings: { kind: string; text: string }[] };
      return report.warnings.filter(({ kind }) => kind === "step-before").map(({ text }) => text);
    };
    const way =
      'save it with npm run backup, and give it an empty directory, as "Another version of MongoDB or';
    expect(await warnings("9.0.1-debian-12-r0", "v1.35.1")).toEqual(
      expect.arrayContaining([
        expect.stringContaining(
          `release librechat: its MongoDB goes from 8.0 to 9.0, which need not read what the one before wrote: ${way}`,
        ),
        expect.stringContaining("release librechat: its Meilisearch goes from 1.7 to 1.35"),
      ]),
    );
    expect(await warnings("8.0.14-debian-12-r0", "v1.7.4")).toEqual([]);
  });

  it("shows chart versions, objects, images, GPUs and what is exposed, within 80 columns and in a comment", async () => {
    const comment = clone.file("comment.md");
    const { exitCode, output } = await edited(
      "environments/sandbox.yaml",
      (text) =>
        text
          .replace("count: 1", "count: 2")
          .replace(
            /^  ollama:\n/m,
            "$&    ingress: { host: ollama.sandbox.test, allowedSourceRanges: [10.0.0.0/8] }\n",
          ),
      () =>
        edited(
          "values/ollama.yaml",
          (text) => `${text}\nimage:\n  tag: 0.30.0\n`,
          () => diff("--markdown", comment),
        ),
    );
    expect(exitCode).toBe(2);
    expect(output).toMatch(/Deployment\/ollama: GPUs 1 → 2/);
    expect(output).toMatch(/Deployment\/ollama: image ollama\/ollama:\S+ →\s+ollama\/ollama:0\.30\.0/);
    expect(output).toMatch(/Deployment\/ollama: its pods are stopped before new ones start/);
    expect(output).toMatch(/Ingress\/ollama: is reached at ollama\.sandbox\.test/);
    expect(output).toMatch(/NetworkPolicy\/ingress-to-ollama in ollama: is new and lets in pods of/);
    expect(output).toMatch(/add +foundation +kubernetes_network_policy_v1/);
    expect(output).toContain("add Ingress/ollama (+");
    const wide = wideLines(output).filter((line) => !/^ {2}[ +-]/.test(line));
    expect(wide).toEqual([]);
    const markdown = fs.readFileSync(comment, "utf8");
    expect(markdown.split("\n")[0]).toBe("<!-- llm-platform diff: sandbox -->");
    expect(markdown).toContain("<details><summary>change Deployment/ollama (+");
  });

  it("shows another version of a chart by the objects that differ, its labels in one line", async () => {
    const { exitCode, output: updated } = await clone.npm("charts", ["update", "ollama", "1.42.0"]);
    expect(updated).toContain("npm run diff");
    expect(exitCode).toBe(0);
    try {
      const { exitCode, output } = await diff();
      expect(exitCode).toBe(2);
      expect(output).toMatch(/ollama \d+\.\d+\.\d+ → 1\.42\.0/);
      expect(output).toMatch(/change Deployment\/ollama \(\+\d+ -\d+\)\n {2}@@ metadata\.labels\n/);
      expect(output).toMatch(/the chart's version in labels, nothing else\n.*Service\/ollama/);
    } finally {
      await clone.git("checkout", "--quiet", "--", ".");
    }
  });

  it("shows an edit of the cluster, and who made it", async () => {
    await clone.kubectl(
      "--namespace",
      "librechat",
      "scale",
      "deployment/librechat-librechat",
      "--replicas=2",
    );
    await clone.kubectl(
      "--namespace",
      "librechat",
      "delete",
      "configmap",
      "librechat-meilisearch-environment",
    );
    const { exitCode, output } = await diff("--json");
    expect(exitCode).toBe(2);
    const report = JSON.parse(output);
    expect(report.resources).toEqual([]);
    expect(report.releases[0].live).toEqual([
      {
        object: "ConfigMap/librechat-meilisearch-environment",
        namespace: "librechat",
        field: "",
        deployed: "there",
      },
      expect.objectContaining({
        object: "Deployment/librechat-librechat",
        field: "spec.replicas",
        deployed: 1,
        live: 2,
        changedBy: "kubectl",
      }),
    ]);
    await clone.helm("rollback", "librechat", "1", "--namespace", "librechat");
    expect((await diff()).output).not.toContain("changed in the cluster");
  });

  it("shows what somebody else deployed, and that Terraform does not see it", async () => {
    await clone.helm(
      ...["upgrade", "ollama", path.join(process.env.CHARTS_DIR ?? "", chartPackage("ollama"))],
      ...["--namespace", "ollama", "--reuse-values", "--set", "image.tag=0.1.0"],
    );
    const { exitCode, output } = await diff("--json");
    expect(exitCode).toBe(2);
    const report = JSON.parse(output);
    expect(report.warnings.map(({ kind }: { kind: string }) => kind)).toContain("deployed-by-others");
    expect(report.releases[1].objects).toEqual([
      expect.objectContaining({ object: "Deployment/ollama", action: "change" }),
    ]);
    await clone.helm("rollback", "ollama", "1", "--namespace", "ollama");
    expect((await diff()).exitCode).toBe(0);
  });

  it("shows no secret value anywhere: neither credentials nor a live Secret nor values", async () => {
    const inValues = ["planted-in-values-before", "planted-in-values-after-"];
    const inCluster = "planted-in-the-cluster-0123456789";
    const withSecret = (value: string) => (text: string) =>
      text
        .replace(
          /mongodb:\n/,
          `$&  extraDeploy: [{ apiVersion: v1, kind: Secret, metadata: { name: planted }, stringData: { key: ${value} } }]\n`,
        )
        .replace(/configEnv:.*\n/, `$&    OPENAI_API_KEY: ${value}\n`);
    // The rule that refuses a credential in values is switched off, as somebody may who has a reason.
    const excepted = <Result>(work: () => Promise<Result>): Promise<Result> =>
      edited(
        "environments/sandbox.yaml",
        (text) => `${text}\nexemptions: { secret-values: a credential that is shown nowhere }\n`,
        work,
      );
    await excepted(() => edited("values/librechat.yaml", withSecret(inValues[0] ?? ""), deploy));
    const secret = Buffer.from(inCluster).toString("base64");
    await clone.kubectl(
      ...["--namespace", "librechat", "patch", "secret", "planted", "--type", "merge"],
      ...["--patch", JSON.stringify({ data: { key: secret } })],
    );
    const comment = clone.file("comment.md");
    const runs = await excepted(() =>
      edited("values/librechat.yaml", withSecret(inValues[1] ?? ""), async () => {
        const text = await diff("--markdown", comment);
        return [text, await diff("--json")];
      }),
    );
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([2, 2]);
    // The change itself is shown.
    expect(runs[0]?.output).toMatch(/-\s+key: \(hidden [0-9a-f]{8}\)/);
    expect(runs[0]?.output).toMatch(/Secret\/planted data.key: deployed \(hidden/);
    expect(runs[0]?.output).toMatch(/\+\s+OPENAI_API_KEY: \(hidden [0-9a-f]{8}\)/);

    const secrets = [...Object.values(planted), ...inValues, inCluster];
    const forms = secrets.flatMap((value) => [
      value,
      Buffer.from(value).toString("base64").replace(/=+$/, ""),
    ]);
    const shown = [...runs.map(({ output }) => output), fs.readFileSync(comment, "utf8")];
    expect(forms.filter((value) => shown.some((text) => text.includes(value)))).toEqual([]);
    const found = files(clone.file("cdktf.out")).flatMap((file) => {
      const content = fs.readFileSync(file);
      return forms.filter((value) => content.includes(value)).map((value) => [path.basename(file), value]);
    });
    // What stands in values/ stands in what is synthesized of it, and nowhere else.
    expect(
      found.filter(([file, value]) => file !== "cdk.tf.json" || !inValues.includes(value ?? "")),
    ).toEqual([]);
    await deploy();
  });

  it("keeps its plans to itself, and removes them when it is interrupted", async () => {
    const terraform = new HeldProgram(clone.file("held"), "terraform", "plan");
    try {
      const diff = clone.npmBegun("diff", ["--environment", "sandbox"], {
        PATH: [path.dirname(terraform.file), process.env.PATH].join(path.delimiter),
      });
      const ended = diff.ended();
      await terraform.reached(2, ended);
      const plans = leftOvers();
      expect(plans).toHaveLength(2);
      for (const plan of plans) {
        expect(fs.statSync(plan).size).toBeGreaterThan(0);
        expect(fs.statSync(plan).mode & 0o777).toBe(0o600);
        expect(fs.statSync(path.dirname(plan)).mode & 0o777).toBe(0o700);
      }
      diff.signal("SIGINT");
      expect((await ended).exitCode).toBe(130);
      expect(leftOvers()).toEqual([]);
    } finally {
      terraform.close();
    }
  });

  it("fails where the API server is away, and claims nothing", async () => {
    await clone.pauseCluster();
    try {
      const { exitCode, output } = await diff();
      expect(exitCode).toBe(1);
      // Nothing of a report stands before the error.
      expect(output).toMatch(/^foundation could not be planned/);
      expect(output).toContain("could not be planned, so that nothing is known of its changes");
      expect(output).toContain("the API server of the context sandbox does not answer");
      expect(leftOvers()).toEqual([]);
    } finally {
      await clone.startCluster();
    }
  });
});

describe("npm run diff -- --against REVISION", () => {
  beforeAll(() => clone.pauseCluster());

  it("says that nothing differs from the same files, without a cluster", async () => {
    const { exitCode, output } = await diff("--against", "HEAD");
    expect(output).toContain("nothing differs");
    expect(exitCode).toBe(0);
  });

  it("shows resources and objects that differ", async () => {
    const { exitCode, output } = await edited(
      "environments/sandbox.yaml",
      (text) => text.replace("count: 1", "count: 2"),
      () => diff("--against", "HEAD"),
    );
    expect(exitCode).toBe(2);
    expect(output).toMatch(/against +revision HEAD \([0-9a-f]{10}\)/);
    expect(output).toMatch(/change +foundation +kubernetes_resource_quota_v1/);
    expect(output).toContain("Deployment/ollama: GPUs 1 → 2");
  });

  it("fails for a revision that is not there", async () => {
    const { exitCode, output } = await diff("--against", "nowhere");
    expect(exitCode).toBe(1);
    expect(output).toContain('--against: found "nowhere", which is no commit, branch or tag');
  });
});

/** The package of the locked version of a chart. */
function chartPackage(chart: string): string {
  const lock = clone.read("charts/lock.yaml");
  const version = new RegExp(`^${chart}:\\n(?: .*\\n)*? +version: (.*)`, "m").exec(lock)?.[1];
  return `${chart}-${version}.tgz`;
}
