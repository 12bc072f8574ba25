import { splitPath } from "../contracts/value-path";
import { effectiveValue, isRead } from "./chart-defaults";
import { declaredObjects } from "./kubernetes-objects";
import type { Fault, Rule, SynthesizedRelease } from "./rule";
import { faultsIn } from "./walk";

const advice = "name its digest (npm run charts -- images lists them)";

/** An image without a digest, where the environment demands them: a tag is what its registry says it is that day. */
export const imageDigest: Rule = {
  name: "image-digest",
  faults: (stack) =>
    stack.demandsDigests
      ? [
          ...stack.releases.flatMap(faultsOfRelease),
          ...declaredObjects(stack).flatMap(({ place, attributes }) =>
            faultsIn(attributes, place, ({ key, value }) => (key === "image" ? tagged(value) : undefined)),
          ),
        ]
      : [],
};

function faultsOfRelease(release: SynthesizedRelease): Fault[] {
  const made = taggedImages(release);
  // What runs before a container, with its image, is mended where that is.
  const isMade = (image: unknown): boolean => made.some(({ image: one }) => String(image).endsWith(one));
  return [
    ...made,
    ...faultsIn(release.values, release.place, ({ key, path, value }) =>
      key === "image" && !isMade(value) && isRead(release, path) ? tagged(value) : undefined,
    ),
  ];
}

/** Images that a chart makes of a repository, a tag and perhaps a digest, whoever sets them. */
function taggedImages(release: SynthesizedRelease): (Fault & { readonly image: string })[] {
  return Object.keys(release.contract?.keys ?? {})
    .filter((key) => /(^|\.)\w*image\.repository$/i.test(key) && isRead(release, splitPath(key)))
    .flatMap((key) => {
      const part = (name: string): string => key.replace(/repository$/, name);
      const value = (name: string): string => String(effectiveValue(release, part(name)) ?? "");
      if (value("digest") !== "" || value("tag").includes("@sha256:")) return [];
      const tag = value("tag") || String(release.contract?.appVersion);
      // A chart without a key for it writes the tag behind the name: both can stand there.
      const [set, example] =
        release.contract?.keys[part("digest")] === undefined
          ? [part("tag"), `${tag}@sha256:…`]
          : [part("digest"), "sha256:…"];
      return [
        {
          image: `${value("repository")}:${tag}`,
          place: release.place(splitPath(set)),
          text: `the image ${value("repository")} has a tag alone, and the environment demands digests (images.digests): ${advice}, such as ${example}`,
        },
      ];
    });
}

function tagged(image: unknown): string | undefined {
  if (typeof image !== "string" || image === "" || /\$\{|\{\{|@sha256:/.test(image)) return undefined;
  return `found ${JSON.stringify(image)}, and the environment demands digests (images.digests): ${advice}`;
}
