import { z } from "zod";
import { check } from "../../settings/check";
import { readYamlFile } from "../../settings/yaml-file";

/** What a scanner found wrong with an object that is deployed. */
export interface Finding {
  /** The scanner's own name of it, such as `pod-probes`. */
  readonly check: string;
  /** Such as `Deployment/chat`. */
  readonly object: string;
  readonly text: string;
}

/** Findings that stay, relative to the repository. */
export const findingsFile = "applications/findings.yaml";

const schema = z.record(
  z.record(
    z.array(
      z
        .object({
          objects: z.array(z.string()).min(1).optional(),
          reason: z.string().trim().min(15, "expected a reason of at least 15 characters"),
        })
        .strict(),
    ),
  ),
);

/** Findings that are not mended, by scanner and check: of some objects or of all, with the reason. */
export type SwitchedOff = z.output<typeof schema>;

/** @throws SettingsError when the file is wrong */
export function loadSwitchedOff(root: string): SwitchedOff {
  return check(schema, readYamlFile(root, findingsFile), findingsFile);
}

/**
 * What is wrong: findings that nothing switches off, and what is switched off and not found any more. A line each.
 *
 * @param found everything that the scanner found, in every environment
 */
export function faultsIn(scanner: string, found: readonly Finding[], switchedOff: SwitchedOff): string[] {
  const off = Object.entries(switchedOff[scanner] ?? {}).flatMap(([check, entries]) =>
    entries.map(({ objects }) => ({ check, objects })),
  );
  const covers = (one: (typeof off)[number], { check, object }: Finding): boolean =>
    one.check === check && (one.objects?.includes(object) ?? true);
  const left = found.filter((finding) => !off.some((one) => covers(one, finding)));
  const needless = off.filter((one) => !found.some((finding) => covers(one, finding)));
  return [
    ...new Set(left.map(({ check, object, text }) => `${object}: ${text} (${check})`)),
    ...needless.map(
      ({ check, objects }) =>
        `${findingsFile}: ${scanner}.${check}: is switched off${objects ? ` of ${objects.join(", ")}` : ""}, and found nowhere: remove it`,
    ),
  ];
}
