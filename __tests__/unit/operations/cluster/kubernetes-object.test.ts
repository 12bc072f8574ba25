import { identity, pairObjects, parseManifest } from "../../../../operations/cluster/kubernetes-object";
import { object } from "../diff/objects";

describe("a manifest", () => {
  it("is read as Helm reads it: octal numbers, no dates, no empty documents", () => {
    const [found, ...others] = parseManifest(
      '---\n# Source: nothing\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\nmode: 0644\nhex: 0x10\nport: 8080\nratio: 0.5\nword: "0644"\nnothing: ~\nday: 2020-01-01\ntime: 12:30:00\nyes: on\n',
      "ollama",
    );
    expect(others).toEqual([]);
    expect(found).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", namespace: "ollama" },
      mode: 420,
      hex: 16,
      port: 8080,
      ratio: 0.5,
      word: "0644",
      nothing: null,
      day: "2020-01-01",
      time: "12:30:00",
      true: true,
    });
  });

  it("may be empty", () => {
    expect(parseManifest("", "ollama")).toEqual([]);
  });

  it("gives the objects of a list one by one", () => {
    const list = { apiVersion: "v1", kind: "List", items: [object("Secret"), object("ConfigMap")] };
    expect(parseManifest(JSON.stringify(list), "x").map(({ kind }) => kind)).toEqual(["Secret", "ConfigMap"]);
  });

  it("fails without quoting what it holds", () => {
    expect(() => parseManifest("password: 'secret\n", "x")).toThrow(
      /^a rendered manifest is not YAML in line \d+: look at it with helm template$/,
    );
  });
});

describe("objects", () => {
  it("are the same in another version of their group", () => {
    const old = object("Ingress", {});
    expect(identity({ ...old, apiVersion: "networking.k8s.io/v1beta1" })).toBe(
      identity({ ...old, apiVersion: "networking.k8s.io/v1" }),
    );
  });

  it("are others in another namespace", () => {
    expect(identity(object("Secret"))).not.toBe(
      identity(object("Secret", { metadata: { namespace: "other" } })),
    );
  });

  it("are paired, those that go at the end", () => {
    const [a, b, c] = ["a", "b", "c"].map((name) => object("Secret", {}, name));
    expect(pairObjects([a, b] as never, [c, b] as never)).toEqual([
      { new: c },
      { old: b, new: b },
      { old: a },
    ]);
  });
});
