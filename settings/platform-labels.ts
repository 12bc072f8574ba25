/** What one object belongs to. */
export interface PlatformLabelsProps {
  /** Name of the release. */
  readonly name: string;
  /** Name of the environment. */
  readonly environment: string;
  /** What the application is to the platform, such as `model-server`. */
  readonly component: string;
}

/**
 * The labels of every object of the foundation.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function platformLabels({ name, environment, component }: PlatformLabelsProps): {
  [label: string]: string;
} {
  return {
    "managed-by": "terraform",
    app: name,
    env: environment,
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/instance": `${name}-${environment}`,
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/part-of": "llm-platform",
    "app.kubernetes.io/managed-by": "terraform",
  };
}
