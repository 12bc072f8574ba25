import { driftMarkdown } from "../../../../operations/drift/markdown-report";
import { drifted, type DriftReport } from "../../../../operations/drift/report";
import { driftText } from "../../../../operations/drift/text-report";
import { wideLines } from "../../../printed";

const nothing: DriftReport = {
  environment: "production",
  context: "production-eu",
  parts: [{ name: "ollama", comparedWith: "revision 3, ollama 1.77.0", objects: 3, differences: [] }],
  byHand: [],
  notChecked: [],
};
const something: DriftReport = {
  ...nothing,
  parts: [
    {
      name: "foundation",
      comparedWith: "the state",
      objects: 22,
      differences: [
        {
          object: "NetworkPolicy/default-deny",
          namespace: "ollama",
          field: "",
          deployed: "there",
          live: undefined,
        },
        {
          object: "Namespace/ollama",
          namespace: "",
          field: 'metadata.labels["pod-security.kubernetes.io/enforce"]',
          deployed: "baseline",
          live: "`privileged`",
          changedBy: "kubectl-label",
          changedAt: "2026-11-20T12:00:00Z",
        },
      ],
    },
  ],
  byHand: [
    {
      release: "ollama",
      revision: 4,
      status: "deployed",
      description: "Upgrade complete",
      madeBy: "Helm",
      at: "2026-11-20T12:00:00.000Z",
    },
  ],
  unknown: [
    {
      object: "Deployment/debug",
      namespace: "ollama",
      madeBy: "kubectl-create",
      since: "2026-11-20T12:00:00Z",
    },
  ],
  notChecked: ["release librechat: it is not deployed"],
};

test("anything that differs, was made by hand or is not known is drift", () => {
  expect(drifted(nothing)).toBe(false);
  expect(drifted({ ...nothing, notChecked: ["x"] })).toBe(false);
  expect(drifted({ ...nothing, byHand: something.byHand })).toBe(true);
  expect(drifted({ ...nothing, unknown: something.unknown })).toBe(true);
  expect(drifted({ ...nothing, parts: something.parts })).toBe(true);
});

test("the report for a terminal fits into 80 columns", () => {
  const text = driftText(something);
  expect(text).toMatchSnapshot();
  expect(wideLines(text)).toEqual([]);
  expect(driftText(nothing)).toContain(
    "ollama (revision 3, ollama 1.77.0): 3 objects, as deployed\n\nnothing drifted\n",
  );
});

test("the report before something is put back does not say how to do that; what stays unknown it does", () => {
  expect(driftText(something, true)).toBe(
    driftText(something).replace("\nput it back with: npm run drift -- --fix --environment production\n", ""),
  );
  const stays = { ...nothing, unknown: something.unknown };
  expect(driftText(stays, true)).toBe(driftText(stays));
  expect(driftText(stays)).toContain("what is unknown stays");
  expect(driftText(nothing, true)).toContain("nothing drifted");
});

test("the report for an issue begins with what tells it from others, and holds text that Markdown leaves alone", () => {
  const markdown = driftMarkdown(something);
  expect(markdown.split("\n")[0]).toBe("<!-- llm-platform drift: production -->");
  expect(markdown).toContain("- `NetworkPolicy/default-deny in ollama is gone from the cluster`\n");
  expect(markdown).toMatch(/^- `` Namespace\/ollama .* live `privileged` .* ``$/m);
});

test("the report for an issue is cut to GitHub's limit, and says so", () => {
  const differences = Array.from({ length: 2000 }, (_, i) => ({
    object: `ConfigMap/with-a-long-name-${i}`,
    namespace: "ollama",
    field: "",
    deployed: "there",
    live: undefined,
  }));
  const markdown = driftMarkdown({
    ...nothing,
    parts: [{ name: "ollama", comparedWith: "revision 3", objects: 2000, differences }],
  });
  expect(markdown.length).toBeLessThanOrEqual(65_536);
  expect(markdown).toMatch(/\n_\d+ parts are left out here: npm run drift shows all of them\._\n$/);
});
