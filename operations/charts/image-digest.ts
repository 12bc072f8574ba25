/** An image as its registry knows it. */
export interface ImageReference {
  /** Host, with a port where it has one. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  /** Such as `sha256:…`. @default - the tag alone says which it is */
  readonly digest?: string;
}

/** How long a registry may take to answer, unless said otherwise. */
const answerMs = 5000;

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
 * @see https://distribution.github.io/distribution/spec/api/
 */
export async function resolveDigest(image: ImageReference, timeoutMs = answerMs): Promise<string> {
  const { registry, repository, tag } = image;
  const host = registry === "docker.io" ? "registry-1.docker.io" : registry;
  const scheme = /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(host) ? "http" : "https";
  const url = `${scheme}://${host}/v2/${repository}/manifests/${tag}`;
  const ask = (authorization?: string) =>
    answered(host, timeoutMs, url, {
      method: "HEAD",
      headers: { accept: manifests, ...(authorization && { authorization }) },
    });
  let response = await ask();
  if (response.status === 401) {
    response = await ask(
      await anonymousToken(response.headers.get("www-authenticate") ?? "", host, timeoutMs),
    );
  }
  const digest = response.headers.get("docker-content-digest");
  if (response.ok && digest) return digest;
  const why: { readonly [status: number]: string } = {
    401: "does not let everybody look",
    403: "does not let everybody look",
    404: "does not have it",
    429: "has been asked too often by this address",
  };
  throw new Error(`${registry} ${why[response.status] ?? `answered ${response.status}`}`);
}

/** What everybody may read is read with a token for everybody. @see https://distribution.github.io/distribution/spec/auth/token/ */
async function anonymousToken(challenge: string, host: string, timeoutMs: number): Promise<string> {
  const part = (name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
  const realm = part("realm");
  if (!/^bearer /i.test(challenge) || realm === undefined) throw new Error(`${host} wants a password`);
  const url = new URL(realm);
  for (const name of ["service", "scope"]) {
    const value = part(name);
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const response = await answered(url.host, timeoutMs, url.href, {});
  const { token, access_token: other } = (await response.json().catch(() => ({}))) as {
    token?: string;
    access_token?: string;
  };
  if (!token && !other) throw new Error(`${url.host} gives no token`);
  return `Bearer ${token ?? other}`;
}

async function answered(
  host: string,
  timeoutMs: number,
  url: string,
  request: RequestInit,
): Promise<Response> {
  try {
    return await fetch(url, { ...request, signal: AbortSignal.timeout(timeoutMs) });
  } catch {
    throw new Error(`${host} does not answer`);
  }
}
