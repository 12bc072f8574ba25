import { Masker } from "../../../../operations/secrets/masking";
import {
  type PlannedResource,
  plannedResources,
  resourceChanges,
} from "../../../../operations/diff/resource-changes";
import { objectPairs } from "../../../../operations/diff/terraform-object";

const change = (actions: string[], rest: object) => ({ actions, ...rest });
const resource = (type: string, found: object) => ({
  address: `${type}.a`,
  mode: "managed",
  type,
  name: "a",
  change: found,
});
const read = (...resources: object[]) =>
  plannedResources("foundation", { resource_changes: resources }, new Masker());

describe("the resources of a plan", () => {
  it.each([
    [["create"], "add"],
    [["update"], "change"],
    [["delete"], "destroy"],
    [["forget"], "destroy"],
    [["delete", "create"], "replace"],
    [["create", "delete"], "replace"],
    [["no-op"], "none"],
    [["read"], "none"],
  ])("with the actions %j are: %s", (actions, action) => {
    expect(read(resource("x", change(actions, {})))[0]?.action).toBe(action);
  });

  it("leave out data sources, and outputs that stay", () => {
    const json = {
      resource_changes: [{ ...resource("x", change(["read"], {})), mode: "data" }],
      output_changes: {
        same: change(["no-op"], { before: 1, after: 1 }),
        url: change(["update"], { before: "a", after: "b" }),
      },
    };
    const found = plannedResources("llm-apps", json, new Masker());
    expect(resourceChanges(found)).toEqual([
      {
        stack: "llm-apps",
        address: "output.url",
        action: "change",
        text: "@@\n-value: a\n+value: b",
        added: 1,
        removed: 1,
      },
    ]);
  });

  it("hide what Terraform marks as sensitive, and name what it does not know yet", () => {
    const [changed] = resourceChanges(
      read(
        resource(
          "x",
          change(["update"], {
            before: { password: "a-secret-value", list: [{ id: 1 }] },
            after: { password: "another-secret-value", list: [{}] },
            before_sensitive: { password: true },
            after_sensitive: { password: true },
            after_unknown: { list: [{ id: true }] },
          }),
        ),
      ),
    );
    expect(changed?.text).not.toMatch(/secret-value/);
    expect(changed?.text).toMatch(/-password: \(hidden \w{8}\)\n[^]*\+password: \(hidden \w{8}\)/);
    expect(changed?.text).toContain("+  - id: (known after apply)");
  });

  it("do not show a release's values, which the manifests stand for", () => {
    const [changed] = resourceChanges(
      read(
        resource(
          "helm_release",
          change(["update"], {
            before: {
              version: "1",
              values: ["a: 1"],
              metadata: { values: "{}" },
              chart: "./x-1.tgz",
              id: "a",
            },
            after: { version: "2", values: ["a: 2"], chart: "./x-2.tgz" },
            after_unknown: { metadata: true, id: true },
          }),
        ),
      ),
    );
    expect(changed?.text).toBe('@@\n-version: "1"\n+version: "2"'.replaceAll('"', "'"));
  });
});

describe("a resource as an object of Kubernetes", () => {
  const policy: PlannedResource = {
    stack: "foundation",
    address: "kubernetes_network_policy_v1.a",
    type: "kubernetes_network_policy_v1",
    action: "add",
    after: {
      metadata: [{ name: "a", namespace: "ollama", labels: { part_of: "x" } }],
      spec: [
        {
          pod_selector: [{ match_labels: { app_name: "x" }, match_expressions: [] }],
          policy_types: ["Ingress"],
          egress: [],
          ingress: [
            { from: [{ namespace_selector: [{ match_labels: {} }], ip_block: [] }], ports: [{ port: "80" }] },
          ],
        },
      ],
    },
  };

  it("has its blocks and names", () => {
    expect(objectPairs(policy)).toEqual([
      {
        old: undefined,
        new: {
          apiVersion: "",
          kind: "NetworkPolicy",
          metadata: { name: "a", namespace: "ollama", labels: { part_of: "x" } },
          spec: {
            podSelector: { matchLabels: { app_name: "x" }, matchExpressions: [] },
            policyTypes: ["Ingress"],
            egress: [],
            ingress: [{ from: [{ namespaceSelector: { matchLabels: {} } }], ports: [{ port: "80" }] }],
          },
        },
      },
    ]);
  });

  it("has lists where Kubernetes has them, by its names, also of one item", () => {
    const metadata = [{ name: "a" }];
    const [binding] = objectPairs({
      ...policy,
      type: "kubernetes_role_binding_v1",
      after: { metadata, subject: [{ kind: "Group", name: "b" }] },
    });
    expect(binding?.new?.subjects).toEqual([{ kind: "Group", name: "b" }]);
    const [range] = objectPairs({
      ...policy,
      type: "kubernetes_limit_range_v1",
      after: { metadata, spec: [{ limit: [{ type: "Pod" }] }] },
    });
    expect(range?.new?.spec).toEqual({ limits: [{ type: "Pod" }] });
  });

  it("is two where it is replaced: the old one is deleted first", () => {
    const pairs = objectPairs({ ...policy, action: "replace", before: policy.after });
    expect(pairs.map((pair) => Object.keys(pair))).toEqual([["old"], ["new"]]);
  });

  it("is none where nothing changes, and for a release", () => {
    expect(objectPairs({ ...policy, action: "none" })).toEqual([]);
    expect(objectPairs({ ...policy, type: "helm_release" })).toEqual([]);
  });
});
