const units: { readonly [unit: string]: number } = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A Kubernetes quantity as a number. */
export function quantity(text: string | number): number {
  const [, number = "", unit = ""] = /^([\d.]+)(\w*)$/.exec(String(text)) ?? [];
  const factor = units[unit];
  if (!number || factor === undefined) throw new Error(`not a quantity: ${text}`);
  return Number(number) * factor;
}
