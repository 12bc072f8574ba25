import execa from "execa";
import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { parseYamlMap, toYaml } from "../../settings/yaml-file";
import { temporaryDirectory } from "../unit/sample-repository";
import { helm } from "./machine";

/** What Helm takes a text for, as a template sees it. */
async function asHelmReads(values: string): Promise<unknown> {
  const chart = temporaryDirectory();
  fs.mkdirSync(path.join(chart, "templates"));
  fs.writeFileSync(path.join(chart, "Chart.yaml"), "apiVersion: v2\nname: probe\nversion: 1.0.0\n");
  fs.writeFileSync(path.join(chart, "templates/values.yaml"), "{{ .Values | toJson }}\n");
  const { stdout } = await execa(helm, ["template", "probe", chart, "--values", "-"], { input: values });
  return JSON.parse(stdout.slice(stdout.indexOf("{"))) as unknown;
}

const words = [
  ...[
    "0400",
    "-0400",
    "0o400",
    "0O17",
    "089",
    "0_7",
    "012_3",
    "0x1F",
    "0X1F",
    "-0x1F",
    "0x_1",
    "0b101",
    "-0b1",
  ],
  ...["0", "00", "-0", "+12", "1_000", "1__0", "_1", "-1_000", "12345678901234567890", "9007199254740993"],
  ...["0.1", ".5", "-.5", "+.5", "5.", "1_0.5", "100.50", "1e3", "1.5e3", "1E+3", "0e0", "1e400", "1e", "e1"],
  ...["yes", "Yes", "YES", "yEs", "y", "Y", "n", "no", "on", "On", "off", "OFF", "true", "TRUE", "tRue"],
  ...["~", "null", "Null", "nULL", "", "2026-01-31", "2026-01-31T10:00:00Z", "2026-01-31 10:00:00"],
  ...["12:30:45", "190:20:30.15", ".", "=", "==", "0x", "0b2", "0o8", "++1", "1,000", "v1", "1.2.3", "4Gi"],
  ...['"0400"', "'yes'", "!!str 0400", "!!str yes", '!!int "0400"', "!!float 1", "!!bool yes"],
  ...[
    "!!binary aGVsbG8=",
    "!!timestamp 2026-01-31",
    "{ yes: 1 }",
    "{ 0400: 1 }",
    "{ .5: 1 }",
    "{ 1_000: 1 }",
  ],
];

/** Words of what numbers, dates and switches are made of: the same ones each time. */
function madeUp(count: number): string[] {
  let state = 1;
  const next = (below: number): number => (state = (state * 48271) % 2147483647) % below;
  const letters = "0012789xob_e.+-:TyNnaf";
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + next(6) }, () => letters[next(letters.length)]).join(""),
  );
}

const list = (items: readonly string[]): string => `items:\n${items.map((item) => `- ${item}\n`).join("")}`;

test("a word stands for the same as Helm takes it for", async () => {
  // Neither ends a key nor begins a list within the list.
  const plain = madeUp(3000).filter((word) => !/:$|^-+$|^\.(inf|nan)$/i.test(word));
  const text = list([...words, ...plain]);
  expect(parseYamlMap(text, "values.yaml")).toEqual(await asHelmReads(text));
});

test("what is written is what Helm reads, and what LibreChat reads", async () => {
  const values = {
    items: [...words, ...madeUp(3000), ".inf", "-.INF", ".nan", 256, 1e21, -0.5, 0, true, null],
  };
  const text = toYaml(values);
  expect(await asHelmReads(text)).toEqual(values);
  expect(load(text)).toEqual(values);
});

test.each([".inf", "-.Inf", ".NaN"])("Helm takes no %s, and neither do we", async (word) => {
  await expect(asHelmReads(list([word]))).rejects.toThrow("unsupported value");
  expect(() => parseYamlMap(list([word]), "values.yaml")).toThrow("takes .inf or .nan");
});
