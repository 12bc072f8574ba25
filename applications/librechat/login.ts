import type { Destination } from "../../constructs/app-namespace";
import type { LibrechatSettings } from "./settings";

/**
 * What LibreChat reads of who may log in, by its variables.
 *
 * @see https://www.librechat.ai/docs/configuration/authentication/OAuth2-OIDC
 */
export function loginVariables({ registration, openid }: LibrechatSettings["login"]): {
  readonly [variable: string]: string;
} {
  return {
    ALLOW_REGISTRATION: String(registration),
    ...(openid && {
      // Without it LibreChat leaves OpenID alone, whatever else is set.
      ALLOW_SOCIAL_LOGIN: "true",
      OPENID_ISSUER: openid.issuer,
      OPENID_CLIENT_ID: openid.clientId,
    }),
  };
}

/** Where a server at an address may be reached: a policy knows addresses of the network alone. */
export function anywhere(address: string): Destination[] {
  const { port, protocol } = new URL(address);
  const ports = [Number(port || (protocol === "http:" ? 80 : 443))];
  return ["0.0.0.0/0", "::/0"].map((cidr) => ({ to: { cidr }, ports }));
}

/** What else LibreChat needs for OpenID, unless the values say otherwise. */
export function openidDefaults({ openid }: LibrechatSettings["login"]): {
  readonly [variable: string]: string;
} {
  if (!openid) return {};
  return { OPENID_SCOPE: "openid profile email", OPENID_CALLBACK_URL: "/oauth/openid/callback" };
}

/**
 * Where each of LibreChat's variables of a login is decided, by the variable, also of what an environment does not set.
 *
 * @param own such as `applications.librechat`
 */
export function decidedLogin(
  login: LibrechatSettings["login"],
  own: string,
  file: string,
): { readonly [variable: string]: string } {
  const at = (key: string): string => `${own}.login.${key} in ${file}`;
  const secret = (variable: string): string =>
    `${at("openid")}, and its value by npm run secrets -- set ${variable}`;
  return {
    ...Object.fromEntries(Object.keys(loginVariables(login)).map((variable) => [variable, at("openid")])),
    ALLOW_REGISTRATION: at("registration"),
    OPENID_ISSUER: at("openid.issuer"),
    OPENID_CLIENT_ID: at("openid.clientId"),
    OPENID_CLIENT_SECRET: secret("OPENID_CLIENT_SECRET"),
    OPENID_SESSION_SECRET: `${at("openid")}, and made by npm run secrets -- generate`,
  };
}
