import * as fs from "node:fs";
import * as path from "node:path";
import { Masker } from "../../../../operations/secrets/masking";
import type { DiffReport, ReleaseReport } from "../../../../operations/diff/report";
import { refuseUnreviewed, reviewOf, reviewText } from "../../../../operations/diff/review";
import { unifiedDiff } from "../../../../operations/diff/unified-diff";
import { OperationError } from "../../../../operations/errors/operation-error";
import { upgraded } from "./objects";
import { temporaryDirectory } from "../../sample-repository";

const directory = temporaryDirectory();
const file = path.join(directory, "review.json");

const secrets = ["hunter2-hunter2-hunter2", "correct-horse-battery-staple"];

const changed = upgraded({
  objects: [
    {
      object: "Deployment/ollama",
      namespace: "ollama",
      action: "change",
      versionLabelsOnly: false,
      ...unifiedDiff({ image: "ollama:1" }, { image: "ollama:2" }),
    },
  ],
});

const untouched: ReleaseReport = {
  ...changed,
  name: "librechat",
  namespace: "librechat",
  action: "none",
};

/** A report as another run on another machine makes it: the masker's key is new each time. */
function report(changes: Partial<DiffReport> = {}): DiffReport {
  const masker = new Masker();
  const secret = (value: string) => masker.object({ ...object, data: { key: base64(value) } });
  return {
    environment: "production",
    against: { context: "production", kubeconfig: `/home/somebody${Math.random()}/.kube/config` },
    notes: [],
    warnings: [],
    resources: [
      {
        stack: "foundation",
        address: "kubernetes_namespace_v1.ollama",
        action: "add",
        text: "@@\n+a: 1",
        added: 1,
        removed: 0,
      },
      {
        stack: "foundation",
        address: "kubernetes_secret_v1.planted",
        action: "change",
        ...unifiedDiff(secret(secrets[0] ?? ""), secret(secrets[1] ?? "")),
      },
    ],
    releases: [changed, untouched],
    ...changes,
  };
}

const object = { apiVersion: "v1", kind: "Secret", metadata: { name: "planted", namespace: "librechat" } };
const base64 = (text: string) => Buffer.from(text).toString("base64");

function refusal(now: DiffReport, reviewed = report()): string {
  fs.writeFileSync(file, reviewText(reviewOf(reviewed)));
  try {
    refuseUnreviewed(now, file);
  } catch (error) {
    if (error instanceof OperationError) return error.message.replaceAll(file, "review.json");
    throw error;
  }
  return "";
}

describe("a review", () => {
  test("is the same bytes for the same plan, whatever run, machine, order and paths", () => {
    const texts = [
      report(),
      report(),
      report({ resources: [...report().resources].reverse(), releases: [untouched, changed] }),
      report({
        notes: ["no credentials of production are here"],
        warnings: [{ kind: "gpu-count", text: "GPUs 1 → 2" }],
      }),
    ].map((each) => reviewText(reviewOf(each)));
    expect(new Set(texts).size).toBe(1);
  });

  test("holds no secret and no hash of one", () => {
    const text = reviewText(reviewOf(report()));
    expect(text).toContain("-  key: (hidden)");
    expect(text).not.toMatch(/hidden [0-9a-f]/);
    expect(secrets.filter((value) => text.includes(value) || text.includes(base64(value)))).toEqual([]);
  });

  test("names what the deploy does: resources, releases with their versions, objects", () => {
    expect(reviewOf(report()).entries.map(({ what, action }) => `${action} ${what}`)).toEqual([
      "add foundation: kubernetes_namespace_v1.ollama",
      "change foundation: kubernetes_secret_v1.planted",
      "change release ollama in ollama",
      "change release ollama: Deployment/ollama in ollama",
    ]);
    expect(reviewOf(report()).entries[2]?.text).toBe("1.42.0 → 1.77.0");
  });

  test("fails for a comparison with another revision, which nobody can deploy", () => {
    expect(() => reviewOf(report({ against: { revision: "HEAD" } }))).toThrow(
      "a comparison with revision HEAD is no plan of a deploy: leave --against out to compare with the cluster",
    );
  });
});

describe("a plan that was reviewed", () => {
  const live = { object: "Deployment/ollama", namespace: "ollama", field: "spec.replicas", deployed: 1 };

  test("is not refused", () => {
    expect(refusal(report())).toBe("");
  });

  test("is not refused where nothing is left to do, as after a deploy that is run again", () => {
    expect(refusal(report({ resources: [], releases: [untouched] }))).toBe("");
  });

  test("is not refused for an edit of a release that this deploy leaves alone", () => {
    const edited = { ...untouched, objects: [], live: [{ ...live, live: 2 }] };
    expect(refusal(report({ releases: [changed, edited] }))).toBe("");
  });

  test("is not refused for what somebody added, which it leaves", () => {
    const added = { ...live, deployed: undefined, live: true };
    expect(refusal(report({ releases: [{ ...changed, live: [added] }] }))).toBe("");
  });

  test("is not refused for another value or author of an edit that it puts back anyway", () => {
    const edited = (value: number, changedBy: string) =>
      report({ releases: [{ ...changed, live: [{ ...live, live: value, changedBy }] }] });
    expect(refusal(edited(3, "kubectl"), edited(2, "lens"))).toBe("");
  });
});

describe("refuses", () => {
  test("what was not reviewed, what is gone from the plan, and what differs, with what to do", () => {
    const [namespace, secret] = report().resources;
    if (!namespace || !secret) throw new Error("no resources");
    const now = report({
      resources: [
        { ...namespace, text: "@@\n+a: 2" },
        { ...namespace, address: "kubernetes_namespace_v1.other" },
      ],
      releases: [{ ...changed, versions: { old: "1.42.0", new: "1.78.0" } }],
    });
    expect(refusal(now)).toBe(
      [
        "the plan of production is not the one that was reviewed (review.json): nothing was deployed",
        "  add foundation: kubernetes_namespace_v1.ollama: not as it was reviewed",
        "  add foundation: kubernetes_namespace_v1.other: not in the review",
        "  change release ollama in ollama: not as it was reviewed",
        "  change foundation: kubernetes_secret_v1.planted: in the review alone",
        "the files or the cluster changed since. Look at what would change now, and have that reviewed:",
        "  npm run diff -- --environment production --review review.json",
      ].join("\n"),
    );
  });

  test("an edit of the cluster that the deploy would undo", () => {
    const live = {
      object: "Deployment/ollama",
      namespace: "ollama",
      field: "spec.replicas",
      deployed: 1,
      live: 2,
    };
    expect(refusal(report({ releases: [{ ...changed, live: [live] }] }))).toContain(
      "  put back release ollama: Deployment/ollama in ollama: not in the review\n",
    );
  });

  test("a resource that is destroyed where it was to be changed", () => {
    const destroyed = report().resources.map((resource) => ({ ...resource, action: "destroy" as const }));
    expect(refusal(report({ resources: destroyed }))).toContain(
      "destroy foundation: kubernetes_secret_v1.planted",
    );
  });

  test("the review of another environment or context", () => {
    expect(refusal(report({ environment: "minikube" }))).toMatch(
      /^review.json: is a review of the environment production/,
    );
    const elsewhere = { context: "minikube", kubeconfig: "~/.kube/config" };
    expect(refusal(report({ against: elsewhere }))).toMatch(
      /^review.json: is a review of the context production/,
    );
  });

  test("more than 20 differences by their number", () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ ...report().resources[0], address: `a.${i}` }));
    expect(refusal(report({ resources: many as never, releases: [] }))).toContain("\n  and 14 more\n");
  });

  test.each([
    ["that is not there", undefined, "is not there, expected a review"],
    ["that is not JSON", "{", "is not JSON, expected a review"],
    ["that is no review", '{"version": 2}', "is no review of this version of the program"],
  ])("a file %s", (_what, content, message) => {
    const other = path.join(directory, "other.json");
    if (content !== undefined) fs.writeFileSync(other, content);
    expect(() => refuseUnreviewed(report(), other)).toThrow(
      `${other}: ${message}: npm run diff -- --review FILE writes one`,
    );
    fs.rmSync(other, { force: true });
  });
});
