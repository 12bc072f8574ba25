import * as fs from "node:fs";
import * as path from "node:path";
import { isMap } from "../../settings/yaml-file";
import { renderRelease } from "../diff/render-release";
import type { Helm } from "../helm/helm";
import { type ByHandProps, namespaceOf, providers } from "./by-hand";

/**
 * Writes the objects of a platform's releases as one resource of Terraform each, without Helm, as a generator does. Hooks, which
 * run once and go, are left out.
 *
 * The provider asks the API server about each object when it plans: the namespaces, in a directory of their own, come first.
 */
export async function writeObjectResources(props: ByHandProps, helm: Helm): Promise<void> {
  const { directory, platform, prefix } = props;
  const namespaces = path.join(directory, "namespaces");
  fs.mkdirSync(namespaces, { recursive: true });
  fs.writeFileSync(
    path.join(namespaces, "main.tf"),
    [providers(props), ...platform.releases.map(({ namespace }) => namespaceOf(props, namespace))].join("\n"),
  );
  fs.writeFileSync(path.join(directory, "providers.tf"), providers(props));
  const resources: Record<string, object> = {};
  for (const release of platform.releases) {
    const namespace = `${prefix}${release.namespace}`;
    const options = { directory: platform.directory, upgrade: false };
    const objects = await renderRelease(helm, { ...release, namespace }, options);
    for (const object of objects) {
      const id = `${release.name}_${object.kind}_${object.metadata.name}`.replace(/[^\w-]/g, "_");
      resources[id] = {
        manifest: literal(withoutNothing({ ...object, metadata: { ...object.metadata, namespace } })),
      };
    }
  }
  const text = JSON.stringify({ resource: { kubernetes_manifest: resources } }, null, 2);
  fs.writeFileSync(path.join(directory, "objects.tf.json"), text);
}

/** Fields that the API server leaves out where they are `false` or 0, as Go's `omitempty` says of them. */
const leftOut =
  /^(publishNotReadyAddresses|initialDelaySeconds|host(Network|PID|IPC)|shareProcessNamespace|stdin|tty|readOnly|suspend)$/;

/** The provider takes no null, and finds changed what the API server keeps nothing of. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => {
        const isEmpty = Array.isArray(inner) && inner.length === 0;
        return inner !== null && !isEmpty && !(leftOut.test(key) && !inner);
      })
      .map(([key, inner]) => [key, withoutNothing(inner)]),
  );
}

/** In JSON, too, Terraform reads what is in `${}`. */
function literal(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/[$%](?=\{)/g, "$&$&");
  if (Array.isArray(value)) return value.map(literal);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, literal(inner)]));
}
