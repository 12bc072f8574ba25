import * as fs from "node:fs";
import * as path from "node:path";
import type { Contract, ContractKey } from "../../../contracts/contract";
import {
  contractFile,
  contractText,
  findContract,
  loadContract,
  parseContract,
} from "../../../contracts/contract-file";
import type { Requirement } from "../../../contracts/requirement";
import { loadChartLock, pinnedChart } from "../../../settings/chart-lock";
import { failure } from "../failure";
import { repository, sampleRepository } from "../sample-repository";

type Keys = { readonly [path: string]: ContractKey };

const contractOf = (keys: Keys): Contract => ({
  name: "sample",
  version: "1.0.0",
  appVersion: "2.0.0",
  keys,
});
const text: ContractKey = { type: "string" };
const map: ContractKey = { type: "map" };
const when = (...needs: Requirement): ContractKey => ({ type: "string", needs });

/** The lines of the keys. */
const linesOf = (keys: Keys): string[] => contractText(contractOf(keys)).split("\n").slice(7, -3);

test("the text of a contract says first which command makes it, then one key a line, sorted", () => {
  const number: ContractKey = { type: "number", default: 1 };
  const contract = contractOf({
    b: { ...number, type: "scalar" },
    "a.c": { ...number, known: "rendered" },
    a: map,
  });
  expect(contractText(contract).split("\n")).toEqual([
    "{",
    ' "generated": "by npm run charts -- update sample 1.0.0: change that command, not this file",',
    ' "format": 3,',
    ' "name": "sample",',
    ' "version": "1.0.0",',
    ' "appVersion": "2.0.0",',
    ' "keys": {',
    '  "a": [{"type":"map"},{',
    '   "c": {"default":1,"known":"rendered"}',
    "  }],",
    '  "b": {"type":"scalar","default":1}',
    " }",
    "}",
    "",
  ]);
});

test("how most keys are known is said once, at the top", () => {
  const keys = { a: text, b: { ...text, known: "rendered" }, c: { ...text, known: "rendered" } } as const;
  expect(contractText(contractOf(keys)).split("\n").slice(6, -2)).toEqual([
    ' "known": "rendered",',
    ' "keys": {',
    '  "a": {"type":"string","known":"inferred"},',
    '  "b": {"type":"string"},',
    '  "c": {"type":"string"}',
    " }",
  ]);
});

test("what all keys of a map need is said once, at the map, and not of the switch itself", () => {
  const keys = {
    db: map,
    "db.enabled": { type: "boolean" },
    "db.size": when(["db.enabled"]),
    "db.user": when(["db.enabled", "db.users"], ["db.enabled", "level=high"]),
  } as const;
  expect(linesOf(keys)).toEqual([
    '  "db": [{"type":"map"},{',
    '   "enabled": {"type":"boolean"},',
    '   "size": {"type":"string"},',
    '   "user": {"type":"string","needs":[[".users"],["level=high"]]}',
    '  },[".enabled"]]',
  ]);
});

test("a condition that one key of a map does without stays with those that need it", () => {
  const keys = { db: map, "db.a": when(["on"]), "db.b": when(["on"]), "db.c": text };
  expect(linesOf(keys)).toEqual([
    '  "db": [{"type":"map"},{',
    '   "a": {"type":"string","needs":[["on"]]},',
    '   "b": {"type":"string","needs":[["on"]]},',
    '   "c": {"type":"string"}',
    "  }]",
  ]);
});

test("a key in a condition is written from where it is needed, where that is shorter", () => {
  const keys = {
    "subchart.metrics.port": when([
      "!subchart.enabled",
      "subchart.metrics.kind!=none",
      "subchart.metrics.on",
    ]),
    "subchart.metrics.x\\.y": when(["a.b", "subchart.metrics.hosts.*.x\\.y~=a.b"]),
  };
  expect(linesOf(keys)).toEqual([
    '  "subchart": [null,{',
    '   "metrics": [null,{',
    '    "port": {"type":"string","needs":[["!..enabled",".kind!=none",".on"]]},',
    '    "x.y": {"type":"string","needs":[["a.b",".hosts.*.x\\\\.y~=a.b"]]}',
    "   }]",
    "  }]",
  ]);
});

/** Two maps of the same keys, each with a switch of its own. */
const twoMaps = (size: number): Keys =>
  Object.fromEntries(
    ["reader", "writer"].flatMap((name) => [
      [name, map],
      [`${name}.enabled`, { type: "boolean" } as const],
      ...Array.from({ length: size }, (_, i) => [`${name}.env.key${i}`, when([`${name}.enabled`])] as const),
    ]),
  );

test("where a long map is the same as one above it stands its path", () => {
  const keys = twoMaps(10);
  expect(linesOf(keys).at(-1)).toBe('  "writer": "reader"');
  const other = { ...keys, "writer.env.key3": text };
  expect(linesOf(other).at(-1)).toBe("  }]");
  for (const one of [keys, other]) expect(parseContract(contractText(contractOf(one)))?.keys).toEqual(one);
});

test("a short map is written again", () => {
  expect(linesOf(twoMaps(2))).toContain('  "writer": [{"type":"map"},{');
});

/** Contracts of any shape, the same ones each time: the keys of a few maps need a few conditions of which most are shared. */
function* anyContracts(count: number): Generator<Contract> {
  let seed = 1;
  const below = (limit: number): number => (seed = (seed * 48271) % 2147483647) % limit;
  const names = ["a", "b", "c.d", "*", "enabled"];
  const escaped = names.map((name) => name.replace(".", "\\."));
  const pathOf = (): string => Array.from({ length: 1 + below(4) }, () => escaped[below(5)]).join(".");
  const all = Array.from({ length: 8 }, pathOf).flatMap((key) => [
    key,
    `!${key}`,
    `${key}=x.y`,
    `${key}!~=z`,
  ]);
  for (let i = 0; i < count; i++) {
    const [first, second] = [all[below(all.length)], all[below(all.length)]] as [string, string];
    const alternative = (): string[] => {
      const some = [first, second, all[below(all.length)] as string].filter(() => below(3) > 0);
      return [...new Set(some.length ? some : [first])].sort();
    };
    const needs = (): { needs?: Requirement } =>
      below(9) === 0
        ? { needs: [] }
        : below(5)
          ? { needs: below(3) ? [alternative()] : [alternative(), [`~${below(9)}`]] }
          : {};
    // What never holds is something else than what holds always.
    const kinds: readonly ContractKey[] = [text, map, { ...map, open: true }, { type: "list" }];
    const key = (): ContractKey => ({
      ...(kinds[below(4)] as ContractKey),
      ...(below(3) ? {} : { default: [1, "", true, null, [], {}][below(6)] }),
      ...(below(6) ? {} : { unread: true as const }),
      ...needs(),
      ...[{}, { known: "rendered" as const }, { known: "unknown" as const }][below(3)],
    });
    const keys = Array.from({ length: 1 + below(12) }, (): [string, ContractKey] => [pathOf(), key()]);
    yield contractOf(Object.fromEntries(keys));
    // A map of the same keys and conditions stands elsewhere as well.
    const inMap = (name: string, { needs, ...rest }: ContractKey): ContractKey => ({
      ...rest,
      ...(needs && {
        needs: needs.map((conditions) =>
          conditions.map((one) => one.replace(/^!?/, (not) => `${not}${name}.`)).sort(),
        ),
      }),
    });
    const both = ["x", "y.z"].flatMap((name) =>
      keys.map(([path, own]): [string, ContractKey] => [`${name}.${path}`, inMap(name, own)]),
    );
    yield contractOf(Object.fromEntries(both));
  }
}

test("what is read is what was written, whatever its shape", () => {
  for (const contract of anyContracts(800)) {
    const written = contractText(contract);
    expect(parseContract(written)).toEqual(contract);
  }
});

test.each(Object.keys(loadChartLock(repository)))(
  "the contract of %s is committed as it is written",
  (name) => {
    const { version } = pinnedChart(loadChartLock(repository), name);
    const contract = loadContract(repository, name, version);
    expect(contractText(contract)).toBe(
      fs.readFileSync(path.join(repository, contractFile(name, version)), "utf8"),
    );
  },
);

test("fails on a contract in another form, with the command that makes it anew", () => {
  const sample = sampleRepository();
  const old = { name: "ollama", version: "1.77.0", appVersion: "1", keys: { "a.b": text } };
  sample.write("charts/ollama-1.77.0.json", JSON.stringify(old));
  expect(failure(() => loadContract(sample.root, "ollama", "1.77.0"))).toBe(
    "charts/ollama-1.77.0.json: is in a form that is not written any more: the values of ollama 1.77.0 cannot be checked; make it with: npm run charts -- update ollama 1.77.0",
  );
  // The command itself goes on as if there were none.
  expect(findContract(sample.root, "ollama", "1.77.0")).toBeUndefined();
});
