import { names } from "../../../settings/kubernetes-names";

const labels = ["namespace", "release"] as const;
const qualified = ["extendedResource", "annotation"] as const;
type Subdomain = Exclude<keyof typeof names, (typeof labels)[number] | (typeof qualified)[number]>;
const subdomains = Object.keys(names).filter(
  (kind) => ![...labels, ...qualified].some((other) => other === kind),
) as Subdomain[];

function accepted(kind: keyof typeof names, candidates: readonly string[]): string[] {
  return candidates.filter((name) => names[kind].safeParse(name).success);
}

test.each(subdomains)("the name of a %s may have dots and 253 letters", (kind) => {
  const right = ["a", "chat.example.com-tls", "gpu.nvidia.com", "2.fast", "a".repeat(253)];
  expect(accepted(kind, right)).toEqual(right);
  expect(accepted(kind, ["", "Chat", "a_b", "-a", "a..b", ".a", "a.-b", "a".repeat(254)])).toEqual([]);
});

test.each(labels)("the name of a %s is a part of addresses, and has no dots", (kind) => {
  expect(accepted(kind, ["chat-2"])).toEqual(["chat-2"]);
  expect(accepted(kind, ["", "Chat", "a.b", "a-", "a".repeat(64)])).toEqual([]);
});

test.each(qualified)("the name of a %s has a domain before it", (kind) => {
  const right = ["nvidia.com/gpu.shared", "nvidia.com/mig-1g.5gb", "amd.com/cpx_nps4", "a/B"];
  expect(accepted(kind, right)).toEqual(right);
  expect(accepted(kind, ["", "/a", "a/", "a/b/c", "Nvidia.com/gpu", "a/-b", `a/${"b".repeat(64)}`])).toEqual(
    [],
  );
});

test("what has no domain, or Kubernetes' own, is no resource of a device plugin", () => {
  expect(accepted("extendedResource", ["cpu", "kubernetes.io/gpu", "a.kubernetes.io/gpu"])).toEqual([]);
  expect(accepted("annotation", ["weight", "ingress.kubernetes.io/rewrite-target"])).toHaveLength(2);
});
