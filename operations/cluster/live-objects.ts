import { ApiError } from "./api-error";
import type { KubernetesApi } from "./kubernetes-api";
import { fieldAt, type KubernetesObject, listAt } from "./kubernetes-object";
import { collectionPath, kindOf, liveObject, type ResourceKind } from "./resource-kinds";

/** Objects of a cluster at one moment: a kind is read in one go where somebody asks for one of it, instead of each by itself. */
export class LiveObjects {
  private readonly most: number;
  private readonly read = new Map<ResourceKind, Promise<ReadonlyMap<string, KubernetesObject> | undefined>>();

  /** @param namespaces how many it is asked about: where a kind has far more objects than they can have, each is asked for by itself */
  constructor(
    private readonly api: KubernetesApi,
    private readonly kinds: readonly ResourceKind[],
    namespaces: number,
  ) {
    this.most = 100 + 10 * namespaces;
  }

  /** An object as the cluster has it; undefined where it is gone, alone or with its kind. */
  public async find(object: KubernetesObject): Promise<KubernetesObject | undefined> {
    const kind = kindOf(this.kinds, object);
    const all = kind && (await this.all(kind));
    if (!kind || !all) return liveObject(this.api, this.kinds, object);
    return all.get(key(kind, object.metadata.namespace, object.metadata.name));
  }

  /** The objects of a kind in some namespaces; undefined where they must be asked for by themselves. */
  public async within(
    kind: ResourceKind,
    namespaces: readonly string[],
  ): Promise<KubernetesObject[] | undefined> {
    const all = await this.all(kind);
    return all && [...all.values()].filter(({ metadata }) => namespaces.includes(metadata.namespace ?? ""));
  }

  private all(kind: ResourceKind): Promise<ReadonlyMap<string, KubernetesObject> | undefined> {
    const reading = this.read.get(kind) ?? this.list(kind);
    this.read.set(kind, reading);
    return reading;
  }

  private async list(kind: ResourceKind): Promise<ReadonlyMap<string, KubernetesObject> | undefined> {
    // What others keep secret is nobody's business here.
    if (kind.kind === "Secret" || !kind.verbs.includes("list")) return undefined;
    const path = `${collectionPath({ ...kind, namespaced: false }, "")}?limit=${this.most}`;
    const found = await this.api.get(path).catch((error: unknown) => {
      // Such as for a user who may see some namespaces alone.
      if (error instanceof ApiError) return undefined;
      throw error;
    });
    if (found === undefined || fieldAt(found, "metadata", "continue")) return undefined;
    const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
    // A list says once what its items are.
    const objects = listAt(found, "items").map(
      (item) => ({ ...(item as object), apiVersion, kind: kind.kind }) as KubernetesObject,
    );
    return new Map(
      objects.map((object) => [key(kind, object.metadata.namespace, object.metadata.name), object]),
    );
  }
}

function key({ namespaced }: ResourceKind, namespace: string | undefined, name: string): string {
  return namespaced ? `${namespace}/${name}` : name;
}
