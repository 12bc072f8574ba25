import { dump } from "js-yaml";
import { failedMarkdown } from "../../../../operations/github/job-report";
import { historyTable } from "../../../../operations/deploy/history-table";
import { historyOf } from "../../../../operations/deploy/history";
import { markdownReport } from "../../../../operations/diff/markdown-report";
import { releaseReport } from "../../../../operations/diff/release-report";
import { plannedResources, resourceChanges } from "../../../../operations/diff/resource-changes";
import { textReport } from "../../../../operations/diff/text-report";
import { driftMarkdown } from "../../../../operations/drift/markdown-report";
import { objectDrift, shownDrift } from "../../../../operations/diff/live-differences";
import { driftText } from "../../../../operations/drift/text-report";
import { Masker } from "../../../../operations/secrets/masking";
import { object } from "../diff/objects";

jest.setTimeout(60_000);

// Secrets at random, by a seed: what fails once fails again.
let state = 1;
const random = (below: number): number => {
  state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
  return Math.floor((state / 2 ** 31) * below);
};
const beginnings = [
  "$",
  "&",
  "*",
  "{",
  "[",
  "|",
  ">",
  "${",
  "$(",
  "!",
  "%",
  "@",
  "-",
  "#",
  "'",
  '"',
  "a",
  "7",
];
const signs = [..."abcxyzABCXYZ0123456789$&*{}[]|>!%@#'\"\\/+=:;,.~^()?<- äß€", "${A}", "$(B)"];

/** Long enough to be a secret, with anything in it that some notation takes for a sign of its own. */
function secret(): string {
  const length = 20 + random(30);
  const inner = Array.from({ length }, () => signs[random(signs.length)]).join("");
  return `${beginnings[random(beginnings.length)]}${inner.trim()}q7`;
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** An object that holds a secret, in one of the ways in which objects do. */
const places: { readonly [way: string]: (secret: string) => ReturnType<typeof object> } = {
  "a Secret": (value) => object("Secret", { data: { any: base64(value) } }),
  "a Secret in clear": (value) => object("Secret", { stringData: { any: value } }),
  "an environment variable": (value) => object("Pod", { spec: { env: [{ name: "API_KEY", value }] } }),
  "a key of a ConfigMap": (value) => object("ConfigMap", { data: { JWT_SECRET: value } }),
  "a list": (value) => object("Sample", { spec: { token: [value] } }),
  "a file of YAML": (value) => object("ConfigMap", { data: { file: dump({ a: { apiKey: value } }) } }),
  "a file of YAML in braces": (value) =>
    object("ConfigMap", { data: { file: `a: { apiKey: ${JSON.stringify(value)}, b: c }\n` } }),
  "a block of YAML": (value) => object("ConfigMap", { data: { file: `password: |-\n  ${value}\nb: c\n` } }),
  "a list in YAML": (value) => object("ConfigMap", { data: { file: dump({ token: [value], b: "c" }) } }),
  "a file of JSON": (value) =>
    object("ConfigMap", { data: { file: JSON.stringify({ secret: value, b: "c" }, null, 2) } }),
  "JSON in one line": (value) =>
    object("ConfigMap", { data: { file: JSON.stringify({ b: [{ secret: value }] }) } }),
  "an env file": (value) => object("ConfigMap", { data: { file: `A=b\nMONGO_PASSWORD=${value}\n` } }),
  "a URL": (value) =>
    object("ConfigMap", { data: { uri: `mongodb://user:${encodeURIComponent(value)}@host/db` } }),
};

/** Every report of an object that was one and is another, and of a program that quotes both. */
function reports(before: ReturnType<typeof object>, after: ReturnType<typeof object>, masker: Masker) {
  const { report } = releaseReport(
    {
      ...{ name: "chat", namespace: "librechat", action: "change" },
      deployed: { last: { revision: 1, version: "1.0.0" }, deployed: [before], live: [after] },
      rendered: [after],
    },
    masker,
  );
  const change = { actions: ["update"], before: { manifest: before }, after: { manifest: after } };
  const plan = {
    resource_changes: [
      {
        ...{ mode: "managed", address: "kubernetes_manifest.a", type: "kubernetes_manifest" },
        change: { ...change, before_sensitive: true, after_sensitive: true },
      },
    ],
  };
  const diff = masker.everywhere({
    environment: "sandbox",
    against: { context: "sandbox", kubeconfig: "kubeconfig" },
    notes: [],
    warnings: [],
    resources: resourceChanges(plannedResources("llm-apps", plan, masker)),
    releases: [report],
  });
  const found = objectDrift(before, after);
  const drift = masker.everywhere({
    ...{ environment: "sandbox", context: "sandbox", byHand: [], notChecked: [] },
    parts: [
      {
        name: "chat",
        comparedWith: "revision 1",
        objects: 1,
        differences: found ? shownDrift(found, masker) : [],
      },
    ],
  });
  const said = masker.log(`helm said:\n${JSON.stringify(after)}`);
  const record = { id: "1", action: "deploy", who: "mira", startedAt: "2026-01-01T00:00:00Z" } as const;
  const history = historyOf(
    { environment: "sandbox", context: "sandbox" },
    [],
    [],
    [{ ...record, result: "failed", releases: [], note: said }],
    false,
  );
  return {
    text: textReport(diff),
    Markdown: markdownReport(diff),
    JSON: JSON.stringify(diff),
    "GitHub comment of a diff that failed": failedMarkdown("sandbox", said),
    drift: driftText(drift),
    "drift as Markdown": driftMarkdown(drift),
    "drift as JSON": JSON.stringify(drift),
    history: historyTable(history),
    log: said,
  };
}

test.each(Object.entries(places))("no report shows a secret in %s", (_way, place) => {
  for (let round = 0; round < 6; round++) {
    const [old, value] = [secret(), secret()];
    const masker = new Masker();
    for (const [report, text] of Object.entries(reports(place(old), place(value), masker))) {
      for (const one of [old, value]) {
        const written = [one, base64(one), encodeURIComponent(one), JSON.stringify(one).slice(1, -1)];
        const shown = written.filter((text_) => text.replace(/\s+/g, " ").includes(text_));
        if (shown.length > 0) throw new Error(`${report} shows ${JSON.stringify(one)}:\n${text}`);
      }
    }
  }
});

test.each(["$a", "&a", "*a", "{a", "[a", "|a", ">a", "#a", "!a", "&a |", "@a", "%a"])(
  "%j is one in an env file",
  (value) => {
    const masked = new Masker().object(
      object("ConfigMap", { data: { file: `A=b\nA_PASSWORD=${value}\nB=c\n` } }),
    );
    expect((masked.data as { file: string }).file).toMatch(/^A=b\nA_PASSWORD=\(hidden \w{8}\)\nB=c\n$/);
  },
);

test.each(["$(NAME)", "${NAME}", "${a.b-c}", "", "true", "8080"])("%j is no secret", (value) => {
  const reference = object("ConfigMap", { data: { API_KEY: value, file: `apiKey: "${value}"\nb: c` } });
  expect(new Masker().object(reference)).toEqual(reference);
});

test.each([
  "$ecret-1",
  "${A}x",
  "x${A}",
  "$(A)$(B)",
  "{a",
  "[a",
  "*a",
  "&a",
  "&a b",
  "!a",
  "#a",
  "|a",
  ">a",
  "$A",
  "|",
  ">-x",
])("%j is one, also in a file", (value) => {
  const masked = new Masker().object(
    object("ConfigMap", { data: { API_KEY: value, file: `a: b\napiKey: '${value}'\nb: c` } }),
  );
  const { API_KEY: key, file } = masked.data as { [key: string]: string };
  expect(key).toMatch(/^\(hidden \w{8}\)$/);
  expect(file).toBe(`a: b\napiKey: ${key}\nb: c`);
});
