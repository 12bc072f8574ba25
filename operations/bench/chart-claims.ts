import type { YamlMap } from "../../settings/yaml-file";

/**
 * The values of a release whose chart makes its claims itself, as people write it. The platform's name claims of its
 * foundation, which are in another namespace.
 */
export function withChartClaims(values: YamlMap): YamlMap {
  const { volumes, volumeMounts, ...rest } = values;
  const own = list(volumes).filter(({ persistentVolumeClaim }) => persistentVolumeClaim === undefined);
  const claimed = list(volumes).filter((volume) => !own.includes(volume));
  const mounts = list(volumeMounts).filter(({ name }) => !claimed.some((volume) => volume.name === name));
  return {
    ...(switchedOn(rest) as YamlMap),
    ...(own.length && { volumes: own }),
    ...(mounts.length && { volumeMounts: mounts }),
  };
}

/** Without the names of existing claims, and with LibreChat's volume for uploads. */
function switchedOn(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "existingClaim")
      .map(([key, inner]) => [key, key === "imageVolume" ? { enabled: true } : switchedOn(inner)]),
  );
}

function list(value: unknown): readonly YamlMap[] {
  return Array.isArray(value) ? (value as YamlMap[]) : [];
}
