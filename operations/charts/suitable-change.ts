import { childrenOf, type Contract, keyBelow } from "../../contracts/contract";
import { fieldType, kubernetesSchema, scalarFits } from "../../contracts/kubernetes-schema";
import type { ValuesLeaf } from "../../contracts/values-leaves";
import { changed } from "./values-effects";

/** Another value for a leaf: of the same kind or, where it has none yet, of one that the contract and Kubernetes take there. */
export function suitableChange(contract: Contract, { path, value }: ValuesLeaf): unknown {
  const [known, types] = placeOf(contract, path);
  const [first] = types;
  if (value === "" || typeof value === "object")
    return first === undefined || first === "any" ? ownSample(contract, known) : sample(first);
  const other = changed(value);
  const allowed = contract.keys[known]?.allowed ?? alternatives(first ?? "any");
  const fits = typeof other === "object" || types.some((type) => scalarFits(type, other));
  return first === "any" || (fits && !contract.keys[known]?.allowed) || !allowed.length
    ? other
    : (allowed.find((one) => one !== value) ?? other);
}

/** A value that a contract takes for a key. */
function ownSample(contract: Contract, known: string, depth = 0): unknown {
  const key = contract.keys[known];
  if (key?.allowed) return key.allowed[0];
  if (key?.kubernetes?.[0] !== undefined) return sample(key.kubernetes[0]);
  const items = `${known}.*`;
  switch (key?.type) {
    case "number":
      return 1;
    case "boolean":
      return true;
    case "list":
      return [items in contract.keys && depth < 4 ? ownSample(contract, items, depth + 1) : "changed"];
    case "map": {
      const [name] = key.open || items in contract.keys ? ["changed"] : childrenOf(contract, known);
      const below = name === undefined ? undefined : keyBelow(contract, known, name);
      return name === undefined
        ? {}
        : { [name]: below && depth < 4 ? ownSample(contract, below, depth + 1) : "changed" };
    }
    default:
      return "changed";
  }
}

/** The contract's key of a place in the values, and its types in Kubernetes: it may be inside of a piece of an object. */
function placeOf(
  contract: Contract,
  path: readonly (string | number)[],
): readonly [known: string, types: readonly string[]] {
  let known = "";
  let types: readonly string[] = [];
  for (const part of path) {
    const below = keyBelow(contract, known, String(part));
    const inner = types.flatMap(
      (type) => fieldType(kubernetesSchema(), type, typeof part === "number" ? "[]" : part) ?? [],
    );
    types = below === undefined ? inner : (contract.keys[below]?.kubernetes ?? inner);
    known = below ?? `${known}.\u0000`;
  }
  return [known, types];
}

function alternatives(type: string): unknown[] {
  if (type.startsWith("=")) return type.slice(1).split("|").filter(Boolean);
  if (type === "any") return [];
  return type === "quantity" ? ["1Gi", "2Gi"] : [sample(type)];
}

/** A value that Kubernetes takes for a type; of an object, its first fields. */
function sample(type: string, depth = 0): unknown {
  if (type.startsWith("[]")) return [sample(type.slice(2), depth + 1)];
  if (type.startsWith("{}")) return { changed: sample(type.slice(2), depth + 1) };
  if (type.startsWith("=")) return alternatives(type)[0];
  const fields = Object.entries(kubernetesSchema().types[type] ?? {});
  if (fields.length) {
    const plain = fields.filter(([, inner]) => !/^[[{]|\./.test(inner));
    const [field] = plain.length ? plain : fields;
    return field && depth < 4 ? { [field[0]]: sample(field[1], depth + 1) } : {};
  }
  return { boolean: true, integer: 1, number: 1, "int-or-string": 1, quantity: "1Gi" }[type] ?? "changed";
}
