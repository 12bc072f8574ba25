import { type Check, checkOf } from "./check";
import type { ClusterFacts } from "./cluster-facts";
import type { NeededRight, RightAnswer } from "./needed-rights";

/** Whether the user of the context may do what a deploy does: one line for each resource that lacks a right. */
export function rightsChecks({ rights, user }: Pick<ClusterFacts, "rights" | "user">): Check[] {
  if ("refused" in rights) return [checkOf("rights", "rights").notChecked(rights.refused)];
  const all = rights.value;
  const denied = byResource(all.filter(({ allowed }) => !allowed));
  if (!denied.length)
    return [checkOf("rights", "rights").ok(`${user} has all ${all.length} that a deploy needs`)];
  const fix = grant(user, denied);
  const required = denied.filter(({ right }) => right.without === undefined);
  const wanted = denied.filter(({ right }) => right.without !== undefined);
  return [
    ...required.map((one) => checkOf("rights", describe(one)).failed(`may not ${one.verbs.join(", ")}`, fix)),
    ...wanted.map((one) =>
      checkOf("rights", describe(one)).warning(`may not ${one.verbs.join(", ")}: ${one.right.without}`, fix),
    ),
  ];
}

/** Verbs that one resource lacks, in every namespace that lacks the same. */
interface Denied {
  readonly right: NeededRight;
  readonly verbs: readonly string[];
  readonly namespaces: readonly string[];
}

function byResource(answers: readonly RightAnswer[]): Denied[] {
  const lines = new Map<string, Denied>();
  for (const right of new Set(answers.map((answer) => answer.right))) {
    const verbs = answers.filter((answer) => answer.right === right).map(({ verb }) => verb);
    const key = [right.resource, right.name, right.without, ...verbs].join(" ");
    const namespaces = [...(lines.get(key)?.namespaces ?? []), ...(right.namespace ? [right.namespace] : [])];
    lines.set(key, { right, verbs, namespaces });
  }
  return [...lines.values()];
}

function describe({ right, namespaces }: Denied): string {
  const what = `${right.resource}${right.name ? ` ${right.name}` : ""}`;
  return namespaces.length ? `${what} in ${namespaces.join(", ")}` : what;
}

/** The commands with which an administrator gives exactly what is missing. */
function grant(user: string, denied: readonly Denied[]): string {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user);
  const subject = account ? `--serviceaccount ${account[1]}:${account[2]}` : `--user ${user}`;
  const role = (name: string, rule: string): string[] => [
    `kubectl create clusterrole ${name} ${rule}`,
    `kubectl create clusterrolebinding ${name} --clusterrole ${name} ${subject}`,
  ];
  const named = denied.filter(({ right }) => right.name !== undefined);
  const others = denied.filter(({ right }) => right.name === undefined);
  const all = (of: (one: Denied) => readonly string[], some: readonly Denied[]): string =>
    [...new Set(some.flatMap(of))].join(",");
  const rule = (some: readonly Denied[]): string => {
    const names = some.flatMap(({ right: { name } }) => (name ? [` --resource-name ${name}`] : []));
    return `--verb ${all(({ verbs }) => verbs, some)} --resource ${all(({ right }) => [right.resource], some)}${names.join("")}`;
  };
  return [
    "an administrator of the cluster gives what is missing, with a context of their own:",
    ...(others.length ? role("llm-platform-deployer", rule(others)) : []),
    // kubectl takes the verb bind with roles alone.
    ...(named.length ? role("llm-platform-binder", rule(named)) : []),
  ].join("\n");
}
