import { answerMs, askRegistry } from "./registry";

/** An image as its registry knows it. */
export interface ImageReference {
  /** Host, with a port where it has one. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  /** Such as `sha256:…`. @default - the tag alone says which it is */
  readonly digest?: string;
}

/** What an image may be: of one machine or of several. */
const manifests = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/**
 * Reads an image's name as container runtimes do.
 *
 * @param image such as `acme/chat:0.6.8`, which is of docker.io
 * @see https://github.com/distribution/reference/blob/main/normalize.go
 */
export function imageReference(image: string): ImageReference {
  const [name = "", digest] = image.split("@");
  const [, path = name, tag = "latest"] = /^(.+):([^/:]+)$/.exec(name) ?? [];
  const [first = "", ...rest] = path.split("/");
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const registry = isHost ? first : "docker.io";
  const below = isHost ? rest.join("/") : path;
  const repository = registry === "docker.io" && !below.includes("/") ? `library/${below}` : below;
  return { registry, repository, tag, ...(digest !== undefined && { digest }) };
}

/**
 * Asks the registry of an image which one its tag is at this moment.
 *
 * @param timeoutMs for each request
 * @returns such as `sha256:…`
 * @throws Error saying why it is not known
 */
export async function resolveDigest(image: ImageReference, timeoutMs = answerMs): Promise<string> {
  const { registry, repository, tag } = image;
  const request = { method: "HEAD", headers: { accept: manifests } };
  const response = await askRegistry(registry, `${repository}/manifests/${tag}`, request, timeoutMs);
  const digest = response.headers.get("docker-content-digest");
  if (!digest) throw new Error(`${registry} names no digest`);
  return digest;
}
