import * as yaml from "js-yaml";
import * as path from "node:path";
import { helmYaml } from "../../settings/helm-yaml";
import { releaseCheck } from "../../applications/release-check";
import { chartOf, releaseValues } from "../../applications/release-values";
import { renderChart } from "../../operations/charts/render-chart";
import { releaseOf } from "../unit/release-of";
import { loadSettings } from "../../applications/load-settings";
import type { Settings } from "../../settings/settings";
import { repository } from "../unit/sample-repository";
import { chartsDirectory, helm } from "./machine";

/** A rendered object, as far as the tests look at it. */
export interface RenderedObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly annotations?: { readonly [name: string]: string };
    readonly labels?: { readonly [name: string]: string };
  };
  readonly data?: { readonly [key: string]: string };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- of any kind: what is expected is in the tests
  readonly spec?: any;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly { readonly containerPort: number }[];
  readonly envFrom?: readonly { readonly secretRef?: { readonly name: string } }[];
  readonly resources?: {
    readonly requests?: { readonly [resource: string]: string | number };
    readonly limits?: { readonly [resource: string]: string | number };
  };
}

/** A workload's pod, and how many of it there are. */
export interface Workload {
  readonly name: string;
  readonly replicas: number;
  readonly labels: { readonly [name: string]: string };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
  readonly pod: any;
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
}

const rendered = new Map<string, Promise<readonly RenderedObject[]>>();

/** What Helm makes of an environment's values for an application, its test hooks left out. */
export function renderedObjects(
  environment: string,
  application: string,
): Promise<readonly RenderedObject[]> {
  const key = `${environment} ${application}`;
  const known = rendered.get(key) ?? render(environment, application);
  rendered.set(key, known);
  return known;
}

async function render(environment: string, application: string): Promise<readonly RenderedObject[]> {
  return objectsIn(await renderedManifests(environment, application));
}

/** The objects of manifests, without those of hooks. */
export function objectsIn(manifests: string): readonly RenderedObject[] {
  const objects = yaml.loadAll(manifests, undefined, { schema: helmYaml }) as (RenderedObject | null)[];
  return objects.filter(
    (object): object is RenderedObject => object !== null && !object.metadata.annotations?.["helm.sh/hook"],
  );
}

/**
 * What Helm makes of an environment's values for an application, as it makes it, once they are found to be right.
 *
 * @param root a repository. @default - this one
 */
export function renderedManifests(
  environment: string,
  application: string,
  root = repository,
): Promise<string> {
  return manifestsOf(loadSettings(root, { ENVIRONMENT: environment }), application);
}

/** {@link renderedManifests} of other settings than a file has. */
export function manifestsOf(settings: Settings, application: string): Promise<string> {
  const release = releaseOf(settings.environment, application);
  const { name, version } = chartOf(settings, release);
  const chart = path.join(chartsDirectory, `${name}-${version}.tgz`);
  const values = releaseValues(settings, release);
  releaseCheck(settings, release)(values);
  return renderChart({ helm, chart, release: application, values });
}

export function ofKind(objects: readonly RenderedObject[], kind: string): RenderedObject[] {
  return objects.filter((object) => object.kind === kind);
}

export function workloads(objects: readonly RenderedObject[]): Workload[] {
  return objects
    .filter(({ kind }) => ["Deployment", "StatefulSet", "CronJob"].includes(kind))
    .map(({ kind, metadata, spec }) => ({
      name: metadata.name,
      replicas: kind === "CronJob" ? 1 : spec.replicas,
      spec: kind === "CronJob" ? spec.jobTemplate.spec : spec,
    }))
    .map(({ spec, ...workload }) => ({
      ...workload,
      labels: spec.template.metadata.labels,
      pod: spec.template.spec,
      containers: spec.template.spec.containers,
      initContainers: spec.template.spec.initContainers ?? [],
    }));
}
