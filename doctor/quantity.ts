const units: { readonly [unit: string]: number } = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A Kubernetes quantity as a number: CPUs, bytes, or pieces. What is no quantity counts nothing: the API server refuses it
 * where it matters.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantity(text: string | number | undefined): number {
  const [, number = "", unit = ""] =
    /^([+-]?\d*\.?\d+(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(String(text ?? "0")) ?? [];
  return Number(number) * (units[unit] ?? 0);
}

/** An amount of a resource for people: `2.5` CPUs, `8Gi` of memory, `1` GPU. */
export function amount(resource: string, value: number): string {
  if (!/memory|storage/.test(resource)) return String(Math.round(value * 1000) / 1000);
  const [unit, size] = value >= 2 ** 30 ? ["Gi", 2 ** 30] : ["Mi", 2 ** 20];
  return `${Math.round((value / Number(size)) * 10) / 10}${unit}`;
}
