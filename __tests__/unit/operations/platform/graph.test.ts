import * as fs from "node:fs";
import * as path from "node:path";
import * as yaml from "js-yaml";
import { environmentSchema } from "../../../../settings/environment";
import { graphOf, graphText } from "../../../../operations/platform/graph";
import { graphPicture } from "../../../../operations/platform/graph-picture";
import { repository } from "../../sample-repository";

const of = (applications: object) =>
  graphOf({ ...environmentSchema.parse({ cluster: { context: "x" }, applications }), name: "x" });
const models = { models: ["tiny"], gpu: { count: 0 } };

const graph = of({
  librechat: { needs: ["embeddings"] },
  ollama: models,
  embeddings: { application: "ollama", needs: ["ollama"], ...models },
  small: { application: "ollama", ...models },
  old: { application: "ollama", installed: false, ...models },
});

test("releases that do not need each other are in one row, each below all that it needs", () => {
  expect(graph).toEqual({
    environment: "x",
    rows: [
      [
        { name: "ollama", application: "Ollama", namespace: "ollama", needs: [] },
        { name: "small", application: "Ollama", namespace: "small", needs: [] },
      ],
      [{ name: "embeddings", application: "Ollama", namespace: "embeddings", needs: ["ollama"] }],
      [
        {
          name: "librechat",
          application: "LibreChat",
          namespace: "librechat",
          needs: ["ollama", "embeddings", "small"],
        },
      ],
    ],
    notInstalled: ["old"],
  });
});

test("the order is a line a release, with what it needs", () => {
  expect(graphText(graph).split("\n")).toEqual([
    "environment     x",
    "first           foundation",
    "then            ollama",
    "  beside it     small",
    "then            embeddings, which needs ollama",
    "then            librechat, which needs ollama, embeddings and small",
    "not installed   old: their data alone",
  ]);
});

test("the picture has a box a release, a line a need, and colours for light and for dark pages", () => {
  const picture = graphPicture(graph);
  const boxes = [...picture.matchAll(/<rect x="([\d.]+)" y="([\d.]+)"/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
  expect(boxes).toHaveLength(5);
  expect(new Set(boxes.map(String)).size).toBe(5);
  expect(new Set(boxes.map(([, y]) => y)).size).toBe(4);
  // Those that need nothing are after the foundation.
  expect(picture.match(/class="e"/g)).toHaveLength(2 + 1 + 3);
  expect(picture).toContain("@media (prefers-color-scheme:dark)");
  expect(picture).not.toContain("old");
});

test("the picture of README is that of the environment above it", () => {
  const readme = fs.readFileSync(path.join(repository, "README.md"), "utf8");
  const [, text = "", order = ""] =
    /```yaml\n(cluster:\n[\s\S]*?)```[\s\S]*?!\[(.*)\]\(docs\/order\.svg\)/.exec(readme) ?? [];
  const environment = environmentSchema.parse(yaml.load(text));
  const shown = graphOf({ ...environment, name: "minikube" });
  const rows = shown.rows.map((row) => row.map(({ name }) => name).join(" and "));
  expect(order).toBe(`foundation first, then ${rows.join(", then ")}`);
  const file = path.join(repository, "docs/order.svg");
  if (process.env.UPDATE_DOCS) fs.writeFileSync(file, graphPicture(shown));
  expect(fs.readFileSync(file, "utf8")).toBe(graphPicture(shown));
});
