import { quantity as parsed } from "../cluster/quantity";

/**
 * A Kubernetes quantity as a number. What is missing or no quantity counts nothing: the API server refuses it where it
 * matters.
 */
export function quantity(text: string | number | undefined): number {
  return parsed(text ?? 0) ?? 0;
}

/** An amount of a resource for people: `2.5` CPUs, `8Gi` of memory, `1` GPU. */
export function amount(resource: string, value: number): string {
  if (!/memory|storage/.test(resource)) return String(Math.round(value * 1000) / 1000);
  const [unit, size] = value >= 2 ** 30 ? ["Gi", 2 ** 30] : ["Mi", 2 ** 20];
  return `${Math.round((value / Number(size)) * 10) / 10}${unit}`;
}
