import { joinPath, splitPath } from "./value-path";

/**
 * When a chart reads a key: alternatives of which one must hold, each a list of conditions that must all hold.
 *
 * A condition is `mongodb.enabled` (is on), `!knative.enabled` (is off), `ports.*.enabled` (of the same entry), `architecture=replicaset`, `architecture!=replicaset`,
 * `service.type~=NodePort` (has it in it) or `service.type!~=NodePort`. No alternative at all never holds; one without conditions always does.
 */
export type Requirement = readonly (readonly string[])[];

/** Holds always. */
export const always: Requirement = [[]];
/** Never holds. */
export const never: Requirement = [];

// Beyond this a requirement is of no use in a message, and growing it further takes time.
const mostAlternatives = 12;

/** Both must hold. Gives up, in favour of the first, where the alternatives become too many. */
export function both(first: Requirement, second: Requirement): Requirement {
  if (first.length * second.length > mostAlternatives ** 2) return first;
  const product = simplify(first.flatMap((a) => second.map((b) => [...new Set([...a, ...b])].sort())));
  return product.length > mostAlternatives ? first : product;
}

/** One of them must hold. Of too many alternatives, what they have in common stays: the rest is not known. */
export function either(first: Requirement, second: Requirement): Requirement {
  const sum = simplify([...first, ...second]);
  return sum.length > mostAlternatives ? [common(sum)] : sum;
}

/** The conditions that all alternatives have. */
export function common([first = [], ...others]: Requirement): readonly string[] {
  return first.filter((condition) => others.every((all) => all.includes(condition)));
}

const opposites = new Map<string, string>();

/** One condition turned round. */
export function opposite(condition: string): string {
  const known = opposites.get(condition) ?? turned(condition);
  opposites.set(condition, known);
  return known;
}

function turned(condition: string): string {
  if (condition.startsWith("!")) return condition.slice(1);
  const [, key = "", not, sign] = /^(.*?)(!?)(~?=.*)$/.exec(condition) ?? [];
  return sign === undefined ? `!${condition}` : `${key}${not ? "" : "!"}${sign}`;
}

/** The key that a condition is about. */
export function conditionKey(condition: string): string {
  const key = condition.startsWith("!") ? condition.slice(1) : condition;
  return key.includes("=") ? key.replace(/!?~?=.*$/, "") : key;
}

/** A requirement without its conditions about keys below one. */
export function withoutBelow(needs: Requirement, path: string): Requirement {
  return needs.map((all) => all.filter((condition) => !conditionKey(condition).startsWith(`${path}.`)));
}

/**
 * A condition of an entry of a map, such as `ports.*.enabled`, as that of one entry.
 *
 * @param names keys from the top of the values, down to what has the condition
 */
export function inEntry(condition: string, names: readonly (string | number)[]): string {
  if (!condition.includes("*")) return condition;
  const key = conditionKey(condition);
  const own = splitPath(key).map((name, i) => (name === "*" ? String(names[i] ?? name) : name));
  return condition.replace(key, () => own.reduce(joinPath, ""));
}

/** A condition as people say it, such as `ingress.enabled is on`. */
export function conditionText(condition: string): string {
  const key = conditionKey(condition);
  if (condition.startsWith("!")) return `${key} is off or empty`;
  const [, not, sign, value] = /(!?)(~?=)(.*)$/.exec(condition) ?? [];
  if (sign === undefined) return `${key} is on`;
  // Whatever more there is around it, the value itself is what people write.
  return `${key} is ${not}${value}`.replace(" is !", " is not ");
}

/** A value for which a condition holds; undefined where it says only for which it does not. */
export function conditionValue(condition: string): unknown {
  if (condition.startsWith("!")) return false;
  const [, not, wanted] = /^.*?(!?)~?=(.*)$/.exec(condition) ?? [];
  if (wanted === undefined) return true;
  return not ? undefined : wanted;
}

/** Whether a condition holds for the value that its key has. */
export function conditionHolds(condition: string, value: unknown): boolean {
  if (condition.startsWith("!")) return !isOn(value);
  if (!condition.includes("=")) return isOn(value);
  const [, not, sign, wanted = ""] = /^.*?(!?)(~?=)(.*)$/.exec(condition) ?? [];
  return (sign === "=" ? String(value) === wanted : String(value).includes(wanted)) !== (not === "!");
}

/** What Go templates take for true. */
export function isOn(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === "") return false;
  return typeof value === "object" ? Object.keys(value).length > 0 : true;
}

function simplify(alternatives: Requirement): Requirement {
  if (alternatives.some((all) => !all.length)) return always;
  const possible = alternatives.filter((all) => !all.some((condition) => all.includes(opposite(condition))));
  if (possible.length < 2) return possible;
  const unique = withoutOpposites([...new Map(possible.map((all) => [all.join("\n"), all])).values()]);
  // An alternative that asks for more than another adds nothing.
  const least = unique.filter(
    (all) => !unique.some((other) => other !== all && other.every((condition) => all.includes(condition))),
  );
  return least.sort((a, b) => a.length - b.length || (a.join() < b.join() ? -1 : 1));
}

/** `a and b` or `a and not b` is `a`. */
function withoutOpposites(alternatives: Requirement): Requirement {
  const conditions = new Set(alternatives.flat());
  let known: Map<string, readonly string[]> | undefined;
  for (const all of alternatives) {
    for (const condition of all) {
      const counterpart = opposite(condition);
      if (!conditions.has(counterpart)) continue;
      const rest = all.filter((other) => other !== condition);
      known ??= new Map(alternatives.map((all) => [all.join("\n"), all]));
      const other = known.get([...rest, counterpart].sort().join("\n"));
      if (other) {
        const others = alternatives.filter((candidate) => candidate !== all && candidate !== other);
        return withoutOpposites([
          ...others.filter((candidate) => candidate.join("\n") !== rest.join("\n")),
          rest,
        ]);
      }
    }
  }
  return alternatives;
}
