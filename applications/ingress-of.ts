import { ingressValues } from "../constructs/ingress-values";
import type { CommonSettings, ValuesContext } from "./application";

/**
 * The `ingress` values of a release, as `helm create` writes them: switched off where the environment does not expose it.
 *
 * @param bodySize largest request body, in nginx' notation; 0 is any
 */
export function ingressOf<Own extends CommonSettings>(
  { settings: { environment }, release }: Pick<ValuesContext<Own>, "settings" | "release">,
  bodySize: string,
) {
  const { ingress } = release.own;
  if (!ingress) return { enabled: false };
  const { className, controller } = environment.ingress;
  return ingressValues({ className, controller, bodySize, ...ingress });
}
