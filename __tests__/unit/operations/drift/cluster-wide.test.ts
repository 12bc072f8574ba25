import { concern } from "../../../../operations/drift/cluster-wide";

const namespaces = ["chat", "models"].map((name) => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels: { "kubernetes.io/metadata.name": name, team: "a" } },
}));

const of = (kind: string, fields: object) =>
  concern({ apiVersion: "", kind, metadata: { name: "x", namespace: "elsewhere" }, ...fields }, namespaces);

const bound = (kind: string, subject: object) =>
  of(kind, {
    roleRef: { kind: "ClusterRole", name: "admin" },
    subjects: [{ kind: "User", name: "mira" }, subject],
  });

test("a binding concerns the namespaces by their ServiceAccounts, as users and in groups too", () => {
  const account = bound("ClusterRoleBinding", { kind: "ServiceAccount", name: "default", namespace: "chat" });
  expect(account).toEqual({
    does: "gives pods of chat the ClusterRole admin",
    field: "subjects",
    everywhere: false,
  });
  const user = { kind: "User", name: "system:serviceaccount:models:default" };
  expect(bound("RoleBinding", user)?.does).toBe("gives pods of models the ClusterRole admin in elsewhere");
  const group = (name: string) => bound("ClusterRoleBinding", { kind: "Group", name });
  expect(group("system:serviceaccounts:chat")).toMatchObject({ everywhere: false });
  for (const all of ["system:serviceaccounts", "system:authenticated", "system:unauthenticated"]) {
    expect(group(all)).toMatchObject({
      does: "gives pods of chat, models the ClusterRole admin",
      everywhere: true,
    });
  }
  expect(bound("ClusterRoleBinding", { kind: "User", name: "system:anonymous" })?.everywhere).toBe(true);
  expect(group("system:masters")).toBeUndefined();
  const other = { kind: "ServiceAccount", name: "chat", namespace: "kube-system" };
  expect(bound("ClusterRoleBinding", other)).toBeUndefined();
});

test("a webhook concerns the namespaces that it selects, where it is asked about what is in namespaces", () => {
  const webhook = (namespaceSelector?: object, rule: object = { apiGroups: ["apps"] }) =>
    of("ValidatingWebhookConfiguration", { webhooks: [{ namespaceSelector, rules: [rule] }] });
  const named = (operator: string, values?: string[]) =>
    webhook({ matchExpressions: [{ key: "kubernetes.io/metadata.name", operator, values }] });
  const in_ = (names: string, everywhere: boolean) =>
    expect.objectContaining({ does: `has a say in what is made or changed in ${names}`, everywhere });
  expect(webhook()).toEqual(in_("chat, models", true));
  expect(webhook({ matchLabels: { team: "a" } })).toEqual(in_("chat, models", false));
  expect(webhook({ matchLabels: { team: "b" } })).toBeUndefined();
  expect(named("In", ["chat", "other"])).toEqual(in_("chat", false));
  expect(named("NotIn", ["chat"])).toEqual(in_("models", true));
  expect(named("DoesNotExist")).toBeUndefined();
  expect(named("Exists")).toEqual(in_("chat, models", false));
  expect(webhook({}, { apiGroups: ["cert-manager.io"] })).toBeUndefined();
  expect(webhook({}, { apiGroups: ["*"], scope: "Cluster" })).toBeUndefined();
});

test("so do a policy's binding and a quota of many namespaces", () => {
  const matchResources = { namespaceSelector: { matchLabels: { team: "a" } } };
  expect(of("ValidatingAdmissionPolicyBinding", { spec: { matchResources } })?.everywhere).toBe(false);
  expect(of("ValidatingAdmissionPolicyBinding", { spec: {} })?.everywhere).toBe(true);
  const quota = (labels?: object) => of("ClusterResourceQuota", { spec: { selector: { labels } } });
  expect(quota({ matchLabels: { team: "a" } })?.does).toBe("limits what there may be in chat, models");
  expect(quota()).toBeUndefined();
  expect(of("ClusterRole", {})).toBeUndefined();
});
