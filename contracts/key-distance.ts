import { misspelling } from "../settings/nearest";

/** A key that a chart has, held against one that was found. */
export interface NearKey {
  /** The key, with what was found in the place of `*` and below what takes anything. */
  readonly path: readonly (string | number)[];
  /** 0 where they are the same, 0.5 where the one may just be meant by the other. */
  readonly distance: number;
  /** Whether one has a part that the other lacks. */
  readonly isMoved: boolean;
}

/** Farther away another key is meant. */
const farthest = 0.5;
/** Each of these is likelier than a wrong letter in a short name. */
const [respelt, moved, above] = [0.05, 0.3, 0.6];

/**
 * How near a key is to one that was found, over the whole path: the last part says most of what is meant, any part may be misspelt,
 * one above the last may be missing or too many, and two may be one, as `image.pullPolicy` and `imagePullPolicy`.
 *
 * @param takesRest whether the chart takes anything below the key
 * @returns undefined where it is too far away to be meant
 */
export function nearKey(
  found: readonly (string | number)[],
  known: readonly string[],
  takesRest: boolean,
): NearKey | undefined {
  if (found.length !== known.length && plain(found.join("")) === plain(known.join(""))) {
    return { path: known, distance: respelt, isMoved: false };
  }
  if (found.length === known.length || (takesRest && found.length > known.length)) {
    const distance = partsDistance(found, known);
    const path = found.map((part, i) => {
      const name = known[i] ?? "*";
      return name === "*" ? part : name;
    });
    return distance > farthest ? undefined : { path, distance, isMoved: false };
  }
  if (Math.abs(found.length - known.length) !== 1) return undefined;
  const [longer, shorter]: readonly (readonly (string | number)[])[] =
    found.length > known.length ? [found, known] : [known, found];
  const distances = (longer ?? []).slice(0, -1).flatMap((part, i) => {
    // Items of a list, and what has a name of its own, are not left out by mistake.
    if (typeof part === "number" || part === "*") return [];
    // Nor is that which alone says what a size or a name is of.
    if (longer && i === longer.length - 2 && [found, known].some((one) => isOfItsHolder(String(one.at(-1)))))
      return [];
    const rest = longer?.filter((_, at) => at !== i) ?? [];
    return found === longer ? partsDistance(rest, known) : partsDistance(shorter ?? [], rest.map(String));
  });
  const distance = moved + Math.min(...distances);
  if (distance > farthest || known.includes("*")) return undefined;
  return { path: known, distance, isMoved: true };
}

/** Of as many parts as the key has. */
function partsDistance(found: readonly (string | number)[], known: readonly string[]): number {
  return known.reduce((sum, name, i) => {
    const part = found[i] ?? "";
    const weight = i === known.length - 1 ? 1 : above;
    if (sum > farthest || name === "*") return sum;
    return (
      sum + weight * (i > 0 && isRepeated(known[i - 1], part, name) ? respelt : nameDistance(part, name))
    );
  }, 0);
}

/** Whether one name repeats what its holder is called: `ingress.className` and `ingress.ingressClassName`. */
function isRepeated(holder = "", part: string | number, name: string): boolean {
  const [one, other] = [plain(String(part)), plain(name)];
  return one !== other && (plain(holder) + one === other || plain(holder) + other === one);
}

/** Whether a name says nothing without that of the map that it is in: there are names, types and sizes of anything. */
export function isOfItsHolder(name: string): boolean {
  return ofItsHolder.has(singular(plain(name)));
}

const ofItsHolder = new Set(
  "annotation,class,classname,create,data,enabled,format,host,hostname,key,kind,label,level,mode,name,path,port,size,tag,type,url,value,version".split(
    ",",
  ),
);

function nameDistance(found: string | number, known: string): number {
  if (found === known) return 0;
  if (typeof found === "number") return Infinity;
  const [one, other] = [plain(found), plain(known)];
  if (one === other || isSameInPlural(found, known)) return respelt;
  // `storageClass` and `storageClassName`, `host` and `hostname`.
  if (unnamed(one) === unnamed(other)) return 2 * respelt;
  if (synonyms.some((names) => names.includes(one) && names.includes(other))) return 3 * respelt;
  const letters = Math.max(one.length, other.length);
  // A word more is another name: `annotations` are none of `podAnnotations`.
  if (Math.abs(one.length - other.length) > 2) return Infinity;
  const edits = misspelling(one, other);
  return edits <= Math.max(1, letters / 3) ? edits / letters : Infinity;
}

/** Whether two names are one, but that one is in the plural. */
export function isSameInPlural(one: string, other: string): boolean {
  return plain(one) !== plain(other) && singular(plain(one)) === singular(plain(other));
}

/** Names that different charts have for the same. */
const synonyms: readonly (readonly string[])[] = [
  ["podreplicas", "replicacount", "replicas"],
  ["classname", "ingressclass", "ingressclassname"],
  ["extraenv", "extraenvs", "extraenvvars"],
  ["additionallabels", "extralabels"],
  ["additionalannotations", "extraannotations"],
  ["additionalvolumes", "extravolumes"],
  ["additionalvolumemounts", "extravolumemounts"],
  ["additionalcontainers", "extracontainers", "sidecars"],
  ["additionalobjects", "extradeploy", "extramanifests", "extraobjects"],
];

/** Without what camel, kebab and snake case differ in. */
function plain(name: string): string {
  return name.replace(/[-_]/g, "").toLowerCase();
}

function singular(name: string): string {
  return name.replace(/ies$/, "y").replace(/s$/, "");
}

function unnamed(name: string): string {
  return name.replace(/(?<=account|class|claim|host|map|secret)name$/, "");
}
