import { releasesOf } from "../../applications/releases";
import type { Environment } from "../../settings/environment";
import { isMap } from "../../settings/yaml-file";
import { type Check, checkOf } from "./check";

/** What an application asks for first, below the address of an issuer. */
const discovery = "/.well-known/openid-configuration";
/** What a login needs of it. */
const needed = ["authorization_endpoint", "token_endpoint", "jwks_uri"] as const;

/** How Node and OpenSSL begin the codes of what is wrong with a certificate, or with TLS itself. */
const tlsFault =
  /^(CERT_|ERR_TLS|ERR_SSL|EPROTO|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECODE|DECRYPT)|HOSTNAME_MISMATCH)/;

/**
 * Whether those who say who users are, by OpenID Connect, are what the environment says. The pods ask them, and not this machine:
 * one that does not answer here is a warning, one that answers something else has failed.
 *
 * @param timeoutMs for each answer. @default 3000
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 */
export function openidIssuerChecks(environment: Environment, timeoutMs = 3000): Promise<Check[]> {
  const issuers = releasesOf(environment).flatMap(({ name, own, application }) => {
    const said = application.openidIssuer?.(own);
    return said ? [{ ...said, setting: `applications.${name}.${said.setting}` }] : [];
  });
  return Promise.all(
    issuers.map(({ issuer, setting }) =>
      issuerCheck(issuer, `${setting} in environments/${environment.name}.yaml`, timeoutMs),
    ),
  );
}

/** @param setting where the issuer is said, with its file */
export async function issuerCheck(issuer: string, setting: string, timeoutMs: number): Promise<Check> {
  const check = checkOf("exposure", "OpenID issuer");
  const { host, hostname } = new URL(issuer);
  const url = `${issuer.replace(/\/$/, "")}${discovery}`;
  let answer: { readonly status: number; readonly text: string };
  try {
    const response = await fetch(url, {
      headers: { connection: "close" },
      signal: AbortSignal.timeout(timeoutMs),
    });
    answer = { status: response.status, text: await response.text() };
  } catch (error) {
    return check.warning(...unanswered(error as Error, host, hostname, setting, timeoutMs));
  }
  const correct = `correct ${setting}`;
  if (answer.status !== 200) {
    const found = `${url} answers ${answer.status}: an issuer has its discovery document there`;
    // What is wrong on its side may be over before a deploy.
    return answer.status < 500 ? check.failed(found, correct) : check.warning(found, correct);
  }
  const document = parsed(answer.text);
  if (!isMap(document) || typeof document.issuer !== "string") {
    return check.failed(`${url} answers something else than a discovery document`, correct);
  }
  if (document.issuer !== issuer) {
    return check.failed(
      `${url} is the document of ${document.issuer}, and the environment names ${issuer}: a login refuses what differs, a slash at the end too`,
      `${correct} to ${document.issuer}`,
    );
  }
  const missing = needed.filter((key) => typeof document[key] !== "string");
  return missing.length
    ? check.failed(`${url} lacks ${missing.join(", ")}, which a login needs`, correct)
    : check.ok(`${issuer} describes itself so`);
}

/** What was found, and what to do, by the layer that failed. */
function unanswered(
  error: Error,
  host: string,
  hostname: string,
  setting: string,
  timeoutMs: number,
): [found: string, fix: string] {
  const { code = "", message } = (error.cause ?? {}) as { code?: string; message?: string };
  if (error.name === "TimeoutError") {
    return [
      `${host} did not answer in ${timeoutMs / 1000} s from here`,
      `look at what is between here and ${host}; the pods must reach it`,
    ];
  }
  if (/^(ENOTFOUND|EAI_)/.test(code)) {
    return [
      `${hostname} does not resolve here (DNS: ${code})`,
      `correct ${setting}, or look whether the pods resolve it`,
    ];
  }
  if (tlsFault.test(code)) {
    return [
      `${host} and this machine agree on no TLS connection (${code})`,
      `look at its certificate: openssl s_client -connect ${host.includes(":") ? host : `${host}:443`} -servername ${hostname}; the pods must trust who signed it`,
    ];
  }
  return [
    `${host} did not answer from here: ${code || message || error.message}`,
    `correct ${setting}, or look whether the pods reach it`,
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
