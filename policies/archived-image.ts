import { isRead, usedDefaults } from "./chart-defaults";
import { declaredObjects } from "./kubernetes-objects";
import type { Fault, Rule, SynthesizedRelease } from "./rule";
import { type Entry, faultsIn } from "./walk";

/**
 * Where images lie that nobody mends any more.
 *
 * @see https://github.com/bitnami/containers/issues/83267
 * @see https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/
 */
const archives: readonly (readonly [home: RegExp, why: string])[] = [
  [/(^|\/)bitnamilegacy\//, "an archive since 2025-08-28"],
  [
    /^(docker\.io\/|index\.docker\.io\/)?bitnami\//,
    "whose versions went to the archive bitnamilegacy on 2025-08-28",
  ],
  [/^k8s\.gcr\.io\//, "frozen since 2023-04-03"],
];

/** An image whose home is an archive: what is found in it is never mended, and one day it is gone. It warns, since it works. */
export const archivedImage: Rule = {
  name: "archived-image",
  warns: true,
  faults: (stack) => [
    ...stack.releases.flatMap(archivedImages),
    ...declaredObjects(stack).flatMap(({ place, attributes }) => faultsIn(attributes, place, imageFault)),
  ],
};

/** Those of a release: what its values say, and what its chart takes where they say nothing. */
export function archivedImages(
  release: Pick<SynthesizedRelease, "chart" | "values" | "contract" | "place">,
): Fault[] {
  return [
    ...faultsIn(release.values, release.place, (entry) =>
      isRead(release, entry.path) ? imageFault(entry) : undefined,
    ),
    ...usedDefaults(release, (key, value) => key === "repository" && archived(value) !== undefined).map(
      ({ path, value }) => ({
        place: release.place(path),
        text: `is not set, and the chart ${release.chart} takes ${archived(value)}`,
      }),
    ),
  ];
}

/** What is wrong with the home of an image, such as `docker.io/bitnamilegacy/mongodb`. @returns undefined where it is no archive */
function archived(image: unknown): string | undefined {
  if (typeof image !== "string") return undefined;
  const why = archives.find(([home]) => home.test(image))?.[1];
  return why && `${JSON.stringify(image)}, ${why}: no fix of it will come`;
}

function imageFault({ path, key, value }: Entry): string | undefined {
  const isImage = key === "image" || (key === "repository" && /image$/i.test(String(path.at(-2) ?? "")));
  const fault = isImage ? archived(value) : undefined;
  return fault && `found ${fault}`;
}
