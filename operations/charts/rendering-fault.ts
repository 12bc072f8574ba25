import type { YamlMap } from "../../settings/yaml-file";
import type { ChartProbe } from "./chart-probe";

/**
 * Why Helm does not render values, in one line: its error where it began, without all that led there.
 *
 * @returns undefined where it renders them, be it in a cluster that has every API that the chart asks for
 */
export async function renderingFault(
  probe: Pick<ChartProbe, "base">,
  values: YamlMap,
): Promise<string | undefined> {
  if ((await probe.base("strict", { values, strict: true })) === undefined) return undefined;
  const error = await probe.base("strict", { values, strict: true, apis: true });
  return error === undefined ? undefined : shortened(error);
}

function shortened(error: string): string {
  const last = error.slice(Math.max(0, error.lastIndexOf("template: ")));
  const [, file, line, rest = last] = /^template: (\S+?):(\d+)(?::\d+)?: (.*)$/s.exec(last) ?? [];
  const [, what, reason = rest] = /^executing .*? at (<.*?>): (.*)$/s.exec(rest) ?? [];
  const [, said = what === undefined ? reason : `${what}: ${reason}`] =
    /^error calling (?:fail|required): (.*)$/s.exec(reason) ?? [];
  // What Helm calls a text among the values that is a template itself.
  const place = file !== undefined && /^gotpl(-\d+)?$/.test(file) ? "a template in the values" : file;
  const text = place === undefined ? last : `${place}:${line}: ${said}`;
  const short = text.replace(/\s+/g, " ").trim();
  return short.length > longest ? `${short.slice(0, longest)}…` : short;
}

// What charts say of values that do not go together may fill a page.
const longest = 400;
