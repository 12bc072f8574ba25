import { valueAt } from "../settings/yaml-file";
import { isRead, usedDefaults } from "./chart-defaults";
import { declaredObjects } from "./kubernetes-objects";
import type { Fault, Rule, SynthesizedRelease } from "./rule";
import { type Entry, faultsIn } from "./walk";

/** An image that is another one every day: a pod that restarts may get one that nobody tried. */
export const latestImage: Rule = {
  name: "latest-image",
  faults: (stack) => [
    ...stack.releases.flatMap((release) => [
      ...faultsIn(release.values, release.place, (entry) => {
        const fault = advised(imageFault(entry, release));
        return fault && isRead(release, entry.path) ? fault : undefined;
      }),
      ...defaultImages(release),
    ]),
    ...declaredObjects(stack).flatMap(({ place, attributes }) =>
      faultsIn(attributes, place, ({ key, value }) =>
        key === "image" && typeof value === "string" ? advised(movingImage(value)) : undefined,
      ),
    ),
  ],
};

function advised(fault: string | undefined): string | undefined {
  return fault && `${fault}: name a version, or a digest (image@sha256:…)`;
}

function imageFault({ path, key, value, siblings }: Entry, release: SynthesizedRelease): string | undefined {
  if (typeof value !== "string") return undefined;
  if (key === "tag") {
    return movingTag(value) ? `found ${JSON.stringify(value)}, which is another image every day` : undefined;
  }
  if (key === "image") return movingImage(value);
  const isImage = key === "repository" && /image$/i.test(String(path.at(-2) ?? ""));
  if (!isImage || value === "" || siblings.tag !== undefined || siblings.digest) return undefined;
  // An empty default is the application's version, which the chart fills in.
  const tag = [...path.slice(0, -1), "tag"].map(String).join(".");
  return release.contract?.keys[tag]?.default === undefined ? movingImage(value) : undefined;
}

/** Images that the chart takes when nobody says otherwise, in parts that are switched on. */
function defaultImages(release: SynthesizedRelease): Fault[] {
  return usedDefaults(release, (key, value) => key === "tag" && movingTag(String(value)))
    .filter(({ path }) => !valueAt(release.values, [...path.slice(0, -1), "digest"]))
    .map(({ path, value }) => ({
      place: release.place(path),
      text: `is not set, and the chart ${release.chart} takes ${JSON.stringify(value)}, which is another image every day: name a version`,
    }));
}

/**
 * Why an image is another one tomorrow: its tag moves, or it has none. Undefined where it stays the same, or Terraform alone
 * knows it.
 *
 * @param image such as `docker.io/acme/chat:0.32.15`
 */
function movingImage(image: string): string | undefined {
  if (image === "" || image.includes("${") || image.includes("{{") || image.includes("@sha256:"))
    return undefined;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag === undefined)
    return `found ${JSON.stringify(image)} without a tag, which is the latest of the day`;
  return movingTag(tag) ? `found ${JSON.stringify(image)}, which is another image every day` : undefined;
}

/** Whether a tag names another image every day: `latest`, or a variant of it such as `latest-cuda`. */
function movingTag(tag: string): boolean {
  return /^latest$|^latest-|-latest$/i.test(tag);
}
