import execa from "execa";
import * as fs from "node:fs";
import * as path from "node:path";
import {
  byTerraform,
  commitsToRevert,
  releaseSources,
  revertAdvice,
  revertSentence,
} from "../../../../operations/releases/commits-to-revert";
import { minikube } from "../../../credentials";
import { repository, temporaryDirectory } from "../../sample-repository";

jest.setTimeout(60_000);

const deployed = { commit: "1a2b3c4d5e", who: "mira@laptop", dirty: false };

test("the commits between the good deploy and the bad one are named with the command that reverts them", () => {
  expect(revertAdvice({ deployed, commits: ["1a2b3c4 Add a model", "9f8e7d6 Use more memory"] })).toEqual([
    "what was rolled back came from commit 1a2b3c4d5e,",
    "deployed by mira@laptop",
    "revert it, or the next deploy that touches the release brings it back:",
    "  git revert 1a2b3c4   # Add a model",
    "  git revert 9f8e7d6   # Use more memory",
  ]);
  expect(revertSentence({ deployed, commits: ["1a2b3c4 Add a model"] })).toBe("git revert 1a2b3c4 first");
});

test("a deploy from an unclean working tree says so: no commit has all of it", () => {
  expect(revertAdvice({ deployed: { ...deployed, dirty: true }, commits: [] })[1]).toBe(
    "deployed by mira@laptop, with changes that were in no commit",
  );
});

test("what was made by hand needs no revert", () => {
  expect(revertAdvice({ commits: [] }, "Helm")[0]).toBe(
    "what was rolled back was made by hand (Helm): no commit needs reverting,",
  );
  expect(revertAdvice({ commits: [] }, "terraform-provider-helm_v3.1.1_x5")[0]).toContain("no record says");
});

test("Terraform's providers are told from people's tools", () => {
  expect(["terraform-provider-helm_v3.1.1_x5", "HashiCorp", "Terraform"].every(byTerraform)).toBe(true);
  expect(["Helm", "helm", "kubectl-edit", "k9s"].some(byTerraform)).toBe(false);
});

test("what shapes a release is every file that a synth loads, its own settings, and the versions of all", async () => {
  const loaded = `const path = require("node:path");
    require("./main.ts");
    const files = Object.keys(require.cache).map((file) => path.relative(process.cwd(), file));
    console.log(JSON.stringify(files.filter((file) => !/node_modules|^operations/.test(file))));`;
  const { stdout } = await execa(
    process.execPath,
    ["--require", "./operations/typescript.cjs", "--eval", loaded],
    { cwd: repository, env: { CDKTF_OUTDIR: temporaryDirectory(), ENVIRONMENT: "minikube" } },
  );
  const sources = releaseSources(repository, minikube, "librechat");
  const files = JSON.parse(stdout) as string[];
  expect(files.filter((file) => !sources.includes(file.split(path.sep)[0] ?? ""))).toEqual([]);
  expect(sources).toEqual(
    expect.arrayContaining([
      ...["main.ts", "settings", "policies", "contracts", "environments", "charts/lock.yaml"],
      ...[".terraform.lock.hcl", "package-lock.json", "values/librechat.*", "values/config/librechat.yaml"],
    ]),
  );
  for (const other of ["docs", "__tests__", "operations", "README.md", "values/ollama.*"]) {
    expect(sources).not.toContain(other);
  }
});

test("a commit that changed only the settings' own program is named, and one that changed a page is not", async () => {
  const root = temporaryDirectory();
  const git = async (...args: string[]) =>
    (await execa("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: root }))
      .stdout;
  const commit = async (file: string, message: string) => {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(
      path.join(root, file),
      file.endsWith("main.ts") ? 'import "./settings/limits";\n' : message,
    );
    await git("add", "--all");
    await git("commit", "--quiet", "--message", message);
    return git("rev-parse", "HEAD");
  };
  await git("init", "--quiet");
  const good = await commit("main.ts", "Begin");
  await commit("settings/limits.ts", "Set limits");
  await commit("docs/page.md", "Write a page");
  await commit(".terraform.lock.hcl", "Take another provider");
  const bad = await commit("values/librechat.yaml", "Add values");
  const record = (commit: string, revision: number) => ({
    ...({
      id: `${revision}`,
      action: "deploy",
      who: "mira",
      startedAt: "",
      result: "succeeded",
      commit,
    } as const),
    releases: [{ name: "librechat", chart: "librechat", version: "1", revision, status: "deployed" }],
  });
  const { commits } = await commitsToRevert(
    { root, environment: minikube },
    "librechat",
    { bad: 2, good: 1 },
    [record(bad, 2), record(good, 1)],
  );
  expect(commits.map((line) => line.replace(/^\S+ /, ""))).toEqual([
    "Add values",
    "Take another provider",
    "Set limits",
  ]);
});
