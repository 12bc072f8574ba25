/** How long a registry or a repository may take to answer, unless said otherwise. */
export const answerMs = 5000;

/**
 * Asks a registry for what everybody may read.
 *
 * @param registry host, with a port where it has one; one of this machine is asked without TLS
 * @param path below `/v2/`
 * @param timeoutMs for each request
 * @throws Error saying why there is no answer
 * @see https://distribution.github.io/distribution/spec/api/
 */
export async function askRegistry(
  registry: string,
  path: string,
  { headers, ...request }: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> },
  timeoutMs: number,
): Promise<Response> {
  const host = registry === "docker.io" ? "registry-1.docker.io" : registry;
  const scheme = /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(host) ? "http" : "https";
  const ask = (authorization?: string) =>
    answered(`${scheme}://${host}/v2/${path}`, timeoutMs, {
      ...request,
      headers: { ...headers, ...(authorization && { authorization }) },
    });
  let response = await ask();
  if (response.status === 401) {
    response = await ask(
      await anonymousToken(response.headers.get("www-authenticate") ?? "", host, timeoutMs),
    );
  }
  if (!response.ok) throw new Error(`${registry} ${why[response.status] ?? `answered ${response.status}`}`);
  return response;
}

const why: { readonly [status: number]: string } = {
  401: "does not let everybody look",
  403: "does not let everybody look",
  404: "does not have it",
  429: "has been asked too often by this address",
};

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
  const response = await answered(url.href, timeoutMs);
  const { token, access_token: other } = (await response.json().catch(() => ({}))) as {
    token?: string;
    access_token?: string;
  };
  if (!token && !other) throw new Error(`${url.host} gives no token`);
  return `Bearer ${token ?? other}`;
}

/** @throws Error where nobody answers in time */
export async function answered(url: string, timeoutMs: number, request?: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...request, signal: AbortSignal.timeout(timeoutMs) });
  } catch {
    throw new Error(`${new URL(url).host} does not answer`);
  }
}
