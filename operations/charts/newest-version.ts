import * as semver from "semver";
import type { Chart } from "../../settings/chart-lock";
import { parseYamlMap, valueAt } from "../../settings/yaml-file";
import { listAt } from "../cluster/kubernetes-object";
import { answered, answerMs, askRegistry } from "./registry";

/**
 * Asks the repository of a chart for its newest version that is no pre-release.
 *
 * @param timeoutMs for each request
 * @throws Error saying why it is not known
 */
export async function newestVersion(
  { name, repository }: Pick<Chart, "name" | "repository">,
  timeoutMs = answerMs,
): Promise<string> {
  const [, host, path] = /^oci:\/\/([^/]+)\/(.+)$/.exec(repository) ?? [];
  const versions = await (host === undefined
    ? indexed(repository, name, timeoutMs)
    : tagged(host, `${path}/${name}`, timeoutMs));
  const newest = newestOf(versions);
  if (newest === undefined) throw new Error(`${new URL(repository).host} has no version of ${name}`);
  return newest;
}

/** The newest of some versions that is no pre-release, or undefined where there is none. */
export function newestOf(versions: readonly string[]): string | undefined {
  return versions
    .filter((version) => semver.valid(version) && !semver.prerelease(version))
    .sort(semver.compare)
    .at(-1);
}

/** @see https://helm.sh/docs/topics/chart_repository/#the-index-file */
async function indexed(repository: string, name: string, timeoutMs: number): Promise<string[]> {
  const url = `${repository}/index.yaml`;
  const { host } = new URL(url);
  const response = await answered(url, timeoutMs);
  if (!response.ok) throw new Error(`${host} answered ${response.status}`);
  try {
    const index = parseYamlMap(await response.text(), url);
    return listAt(index, "entries", name).map((entry) => String(valueAt(entry, ["version"])));
  } catch {
    throw new Error(`${host} has no index of charts`);
  }
}

/** A plus, which versions may have and tags may not, Helm writes as an underscore. */
async function tagged(registry: string, repository: string, timeoutMs: number): Promise<string[]> {
  const versions: string[] = [];
  let page: string | undefined = "tags/list?n=1000";
  while (page !== undefined) {
    const response = await askRegistry(registry, `${repository}/${page}`, {}, timeoutMs);
    const { tags } = (await response.json().catch(() => ({}))) as { tags?: readonly string[] | null };
    versions.push(...(tags ?? []).map((tag) => tag.replace("_", "+")));
    page = /<[^>]*\/(tags\/list\?[^>]*)>; *rel="?next/.exec(response.headers.get("link") ?? "")?.[1];
  }
  return versions;
}
