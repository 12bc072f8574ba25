import type { Application, CommonSettings } from "./application";
import { secretsByPods } from "./release-secrets";

/**
 * Keys of a release's values that no values file may set, whatever is not known of its environment: path → where it is decided.
 *
 * @param environment name
 * @param name of the release
 * @param said of it by the environment. @default - nothing
 */
export function decidedKeys(
  application: Application,
  environment: string,
  name: string,
  said: unknown = {},
): { readonly [path: string]: string } {
  const { settings, decided } = application;
  const of = { name: environment, credentials: { source: "file" } } as const;
  const own = [said, {}].map((one) => settings.safeParse(one).data).find((one) => one !== undefined);
  const release = {
    ...{ name, namespace: name, application, needs: [] },
    own: own ?? ({ credentials: {} } as CommonSettings),
  };
  const secrets = secretsByPods(of, release);
  return decided?.({ settings: { environment: of }, release, secrets }) ?? {};
}
