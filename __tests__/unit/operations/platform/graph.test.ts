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

test("no line of the picture runs behind a box, whatever rows it passes by", () => {
  const wide = of({
    a: { application: "ollama", ...models },
    b: { application: "ollama", needs: ["a"], ...models },
    c: { application: "ollama", needs: ["b"], ...models },
    d: { application: "ollama", needs: ["c"], ...models },
    e: { application: "ollama", needs: ["a"], ...models },
    f: { application: "ollama", needs: ["a"], ...models },
    last: { application: "ollama", needs: ["a", "b", "d", "e", "f"], ...models },
    librechat: {},
  });
  for (const picture of [graphPicture(wide), graphPicture(graph)]) {
    const boxes = [
      ...picture.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g),
    ];
    const paths = [...picture.matchAll(/ d="(M[^"]*)" class="e"/g)].map(([, path = ""]) => path);
    expect(paths.length).toBeGreaterThan(5);
    const hidden = paths.flatMap((path) =>
      pointsOf(path).filter(([x, y]) =>
        boxes.some((match) => {
          const [left = 0, top = 0, width = 0, height = 0] = match.slice(1).map(Number);
          return x > left && x < left + width && y > top && y < top + height;
        }),
      ),
    );
    expect(hidden).toEqual([]);
  }
});

/** Points along a path of lines down and of curves. */
function pointsOf(path: string): [x: number, y: number][] {
  const points: [number, number][] = [];
  for (const [, command, text = ""] of path.matchAll(/([MCV])([^MCV]*)/g)) {
    const numbers = text.trim().split(/\s+/).map(Number);
    const [x0 = 0, y0 = 0] = points.at(-1) ?? [];
    const end: [number, number] =
      command === "V" ? [x0, numbers[0] ?? 0] : [numbers.at(-2) ?? 0, numbers.at(-1) ?? 0];
    const [x1, y1, x2, y2] =
      command === "C" ? (numbers as [number, number, number, number]) : [x0, y0, ...end];
    const at = (t: number, a: number, b: number, c: number, d: number): number =>
      (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d;
    if (command !== "M")
      for (let t = 0.02; t < 1; t += 0.02)
        points.push([at(t, x0, x1, x2, end[0]), at(t, y0, y1, y2, end[1])]);
    points.push(end);
  }
  return points;
}

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
