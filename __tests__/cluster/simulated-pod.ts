import type { Clone, KubernetesObject } from "../clone";

/** What is made of a pod: no image is pulled in the sandbox, and no container runs. */
export interface SimulatedState {
  /** Of its container. */
  readonly container?: object;
  /** Besides, such as a phase. */
  readonly status?: object;
  /** Reasons and messages of warnings, the first the oldest. */
  readonly events?: readonly (readonly [reason: string, message: string])[];
}

/** Gives a pod another state, as a kubelet would have reported it. */
export async function simulate(
  clone: Clone,
  namespace: string,
  name: string,
  { container, status: more, events = [] }: SimulatedState,
): Promise<void> {
  const { metadata, spec } = await clone.get<KubernetesObject>("pod", "-n", namespace, name);
  const [first] =
    (spec as { containers?: readonly { readonly name: string; readonly image: string }[] }).containers ?? [];
  const status = {
    conditions: [
      { type: "PodScheduled", status: "True" },
      { type: "Ready", status: "False", reason: "ContainersNotReady" },
    ],
    ...(container && {
      containerStatuses: [
        { name: first?.name, image: first?.image, imageID: "", ready: false, restartCount: 0, ...container },
      ],
    }),
    ...more,
  };
  await clone.kubectl(
    ...["patch", "pod", name, "-n", namespace, "--subresource=status", "--type=strategic"],
    ...["--patch", JSON.stringify({ status })],
  );
  for (const [reason, message] of events) {
    const time = new Date().toISOString();
    await clone.create({
      apiVersion: "v1",
      kind: "Event",
      metadata: { generateName: `${name}.`, namespace },
      involvedObject: { apiVersion: "v1", kind: "Pod", name, namespace, uid: metadata.uid },
      type: "Warning",
      reason,
      message,
      firstTimestamp: time,
      lastTimestamp: time,
      source: { component: "kubelet" },
    });
  }
}
