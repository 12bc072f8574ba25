/**
 * Why an image is another one tomorrow: its tag moves, or it has none. Undefined where it stays the same, or Terraform alone
 * knows it.
 *
 * @param image such as `docker.io/acme/chat:0.32.15`
 */
export function movingImage(image: string): string | undefined {
  if (image === "" || image.includes("${") || image.includes("{{") || image.includes("@sha256:"))
    return undefined;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag === undefined)
    return `found ${JSON.stringify(image)} without a tag, which is the latest of the day`;
  return movingTag(tag) ? `found ${JSON.stringify(image)}, which is another image every day` : undefined;
}

/** Whether a tag names another image every day: `latest`, or a variant of it such as `latest-cuda`. */
export function movingTag(tag: string): boolean {
  return /^latest$|^latest-|-latest$/i.test(tag);
}
