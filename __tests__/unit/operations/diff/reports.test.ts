import { commentLimit } from "../../../../operations/diff/markdown";
import { commentMarker, markdownReport } from "../../../../operations/diff/markdown-report";
import { type DiffReport, differs } from "../../../../operations/diff/report";
import { textReport } from "../../../../operations/diff/text-report";
import { upgraded } from "./objects";

const unchanged = upgraded({ versions: { old: "1.77.0", new: "1.77.0" }, action: "none" });

const empty: DiffReport = {
  environment: "sandbox",
  against: { context: "sandbox", kubeconfig: ".sandbox/kubeconfig" },
  notes: [],
  warnings: [],
  resources: [],
  releases: [unchanged],
};

const sample: DiffReport = {
  ...empty,
  notes: ["no credentials of sandbox are here: planned with placeholders"],
  warnings: [
    { kind: "image-moved", text: "Deployment/ollama: image ollama/ollama:0.15.6 → ollama/ollama:0.32.15" },
  ],
  resources: [
    {
      stack: "llm-apps",
      address: "helm_release.ollama",
      action: "change",
      text: "@@\n-version: 1.42.0\n+version: 1.77.0",
      added: 1,
      removed: 1,
    },
    {
      stack: "foundation",
      address: "kubernetes_network_policy_v1.librechat_librechat-to-meilisearch_74571C9F_and_more",
      action: "add",
      text: "@@\n+metadata: {}",
      added: 1,
      removed: 0,
    },
  ],
  releases: [
    upgraded({
      objects: [
        {
          object: "Deployment/ollama",
          namespace: "ollama",
          action: "change",
          versionLabelsOnly: false,
          text: "@@ spec.template.spec.containers[ollama]\n-  image: ollama/ollama:0.15.6\n+  image: ollama/ollama:0.32.15",
          added: 1,
          removed: 1,
        },
        {
          object: "Service/ollama",
          namespace: "ollama",
          action: "change",
          versionLabelsOnly: true,
          text: "@@\n-a\n+b",
          added: 1,
          removed: 1,
        },
      ],
      live: [
        {
          object: "Deployment/ollama",
          namespace: "ollama",
          field: "spec.replicas",
          deployed: 1,
          live: 3,
          changedBy: "kubectl-edit",
          changedAt: "2026-01-02T00:00:00Z",
        },
      ],
    }),
  ],
};

describe("a report", () => {
  it("differs by resources, objects, or what is live", () => {
    expect(differs(empty)).toBe(false);
    expect(differs({ ...empty, resources: sample.resources })).toBe(true);
    expect(differs({ ...empty, releases: sample.releases })).toBe(true);
    const [release] = sample.releases;
    expect(differs({ ...empty, releases: [{ ...unchanged, live: release?.live ?? [] }] })).toBe(true);
  });
});

describe("the report for a terminal", () => {
  it("shows everything within 80 columns", () => {
    const text = textReport(sample);
    expect(text).toMatchSnapshot();
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("says within 80 columns what a deploy leaves of what was added", () => {
    const live = sample.releases.flatMap(({ live }) => live.map((one) => ({ ...one, deployed: undefined })));
    const text = textReport({ ...sample, releases: [upgraded({ live })] });
    expect(text).toMatch(/leaves what was added: npm run\s+drift -- --fix takes it away\)/);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("says that nothing differs", () => {
    expect(textReport(empty)).toMatch(/\n\nnothing differs\n$/);
  });

  it("names the revision that it was compared with", () => {
    expect(textReport({ ...empty, against: { revision: "main" } })).toMatch(/^against +revision main$/m);
  });
});

describe("the report for a comment", () => {
  it("begins with the line by which a workflow finds it", () => {
    expect(markdownReport(sample).split("\n")[0]).toBe(commentMarker("sandbox"));
    expect(commentMarker("sandbox")).toMatch(/^<!-- .* -->$/);
  });

  it("folds each object", () => {
    expect(markdownReport(sample)).toMatchSnapshot();
  });

  it("cannot be left by what a manifest holds", () => {
    const [object] = sample.releases[0]?.objects ?? [];
    const hostile = { ...object, object: "ConfigMap/</summary>@all", text: "+```\n+</details>\n+````" };
    const text = markdownReport({ ...empty, releases: [{ ...unchanged, objects: [hostile as never] }] });
    expect(text).toContain("`````diff\n+```\n+</details>\n+````\n`````");
    expect(text).not.toContain("@all");
    expect(text.match(/<\/summary>/g)).toHaveLength(1);
  });

  describe("of a huge change", () => {
    const lines = Array.from({ length: 400 }, (_, i) => `+  line ${i} of an object`).join("\n");
    const objects = Array.from({ length: 300 }, (_, i) => ({
      object: `ConfigMap/number-${i}`,
      namespace: "ollama",
      action: "add" as const,
      versionLabelsOnly: false,
      text: lines,
      added: 400,
      removed: 0,
    }));
    const huge = { ...sample, releases: [{ ...unchanged, objects }] };

    it("is cut to what GitHub takes, the rest in one line each", () => {
      const text = markdownReport(huge);
      expect(text.length).toBeLessThanOrEqual(commentLimit);
      expect(text.length).toBeGreaterThan(commentLimit * 0.6);
      expect(text).toContain("Deployment/ollama: image");
      expect(text).toContain("<details><summary>add ConfigMap/number-0 (+400 −0)</summary>");
      expect(text).toContain("- add ConfigMap/number-299 (+400 −0)");
      expect(text).toMatch(/\d+ parts are left out here/);
      expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
      expect(text.match(/^```/gm)?.length).toBe(2 * (text.match(/<details>/g)?.length ?? 0));
    });

    it.each([2_000, 10_000, 65_536])("is cut to %i characters, however much there is", (limit) => {
      const many = Array.from({ length: 5_000 }, (_, i) => ({
        ...objects[0],
        object: `ConfigMap/${i}`,
      })) as never[];
      const resources = Array.from({ length: 5_000 }, (_, i) => ({
        ...sample.resources[0],
        address: `a.${i}`,
      })) as never[];
      const warnings = Array.from({ length: 3_000 }, (_, i) => ({
        kind: "deleted" as const,
        text: `Secret/${i}`.repeat(50),
      }));
      const text = markdownReport(
        { ...huge, warnings, resources, releases: [{ ...unchanged, objects: many }] },
        limit,
      );
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text).toMatch(/\d+ parts are left out here/);
    });

    it("keeps one object that is too large for a comment to its line", () => {
      const [object] = objects;
      const text = markdownReport({
        ...empty,
        releases: [{ ...unchanged, objects: [{ ...object, text: lines.repeat(20) } as never] }],
      });
      expect(text.length).toBeLessThanOrEqual(commentLimit);
      expect(text).toContain("- add ConfigMap/number-0 (+400 −0)");
    });
  });
});
