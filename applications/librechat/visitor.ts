import { isMap, type YamlMap } from "../../settings/yaml-file";
import type { DeployedRelease, RequestAnswer, RequestOptions } from "../question";

/** LibreChat answers nobody but a browser: see `uaParser.js` in its source. */
const browser =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36";

/** Somebody who has logged in. */
export interface Visitor {
  /** LibreChat's name of it. */
  readonly id: string;
  readonly ask: (path: string, options?: RequestOptions) => Promise<RequestAnswer>;
}

/** Logs somebody in. @returns what was answered, where that is no success */
export async function logIn(
  { request }: Pick<DeployedRelease, "request">,
  email: string,
  password: string,
): Promise<Visitor | RequestAnswer> {
  const asking =
    (headers: { readonly [name: string]: string } = {}): Visitor["ask"] =>
    (path, options) =>
      request(path, { ...options, headers: { "user-agent": browser, ...headers } });
  const answer = await asking()("/api/auth/login", { body: { email, password } });
  const { token, user } = fieldsOf(answer);
  const id = isMap(user) ? (user.id ?? user._id) : undefined;
  if (answer.status !== 200 || typeof token !== "string" || typeof id !== "string") return answer;
  // Images are shown to who has the cookie, everything else to who has the token.
  const cookie = answer.cookies.map((one) => one.split(";")[0]).join("; ");
  return { id, ask: asking({ authorization: `Bearer ${token}`, cookie }) };
}

/** What an answer says, where it is a mapping. LibreChat sends some of its JSON as HTML. */
export function fieldsOf({ text }: Pick<RequestAnswer, "text">): YamlMap {
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? value : {};
  } catch {
    return {};
  }
}

/** An answer that is no success, for people. */
export function said(answer: RequestAnswer): string {
  const { message, error } = fieldsOf(answer);
  const why = [message, error].find((one) => typeof one === "string") ?? answer.text.split("\n")[0];
  return `${answer.status}${why ? `: ${String(why).slice(0, 120)}` : ""}`;
}
