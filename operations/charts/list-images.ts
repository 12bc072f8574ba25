import { entries } from "../../policies/walk";
import { fieldAt, parseManifest } from "../cluster/kubernetes-object";
import { columns } from "../terminal/columns";
import type { ChartsContext } from "./charts-context";
import { imageReference, resolveDigest } from "./image-digest";
import { renderEnvironment } from "./render-environment";

/** An image of an environment. */
export interface ListedImage {
  readonly image: string;
  /** Names of the releases whose pods run it. */
  readonly releases: readonly string[];
  /** @default - it is not known */
  readonly digest?: string;
  /** Whether the image is named by its digest already. */
  readonly pinned: boolean;
  /** Why the digest is not known. @default - it is */
  readonly unknown?: string;
}

/**
 * Lists every image of an environment with its digest: that which names it, or the one that its registry has for the tag at this
 * moment. A registry that does not answer is told.
 */
export async function listImages(context: ChartsContext): Promise<void> {
  const used = new Map<string, Set<string>>();
  for (const { release, namespace, manifests } of await renderEnvironment(context)) {
    const deployed = parseManifest(manifests, namespace).filter(
      // What helm test alone runs.
      ({ metadata }) => !String(fieldAt(metadata, "annotations", "helm.sh/hook")).startsWith("test"),
    );
    for (const { key, value } of deployed.flatMap((object) => entries(object))) {
      if (key !== "image" || typeof value !== "string") continue;
      used.set(value, (used.get(value) ?? new Set()).add(release));
    }
  }
  const images = await Promise.all(
    [...used].map(async ([image, releases]): Promise<ListedImage> => {
      const listed = { image, releases: [...releases], pinned: false };
      const reference = imageReference(image);
      if (reference.digest !== undefined) return { ...listed, digest: reference.digest, pinned: true };
      return resolveDigest(reference).then(
        (digest) => ({ ...listed, digest }),
        (error: Error) => ({ ...listed, unknown: error.message }),
      );
    }),
  );
  if (context.json) return context.print(JSON.stringify(images));
  for (const { image, releases, digest, pinned, unknown } of images) {
    context.print(image.replace(/@sha256:.*/, ""));
    const said = digest === undefined ? `not known: ${unknown}` : `${digest}${pinned ? " (pinned)" : ""}`;
    context.print(
      columns(
        [2],
        [
          ["", said],
          ["", `of ${releases.join(", ")}`],
        ],
      ),
    );
  }
}
