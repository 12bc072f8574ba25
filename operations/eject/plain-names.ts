import type { StackConfiguration } from "./stack-configuration";

/** What CDKTF writes behind a name so that no two of a stack are the same. */
const hash = /_[0-9A-F]{8}$/;

/**
 * A stack whose resources have names without the hashes that CDKTF puts there, and a `moved` block for each: applying it
 * changes addresses in the state and nothing else. A name that two would have stays.
 */
export function withPlainNames(stack: StackConfiguration): StackConfiguration {
  const { resource = {}, data, output, moved = [] } = stack;
  const renamed = Object.entries(resource).flatMap(([type, bodies]) => {
    const plain = Object.keys(bodies).map((name) => name.replace(hash, ""));
    return Object.keys(bodies).flatMap((name, i) => {
      const others = plain.filter((other) => other === plain[i]);
      return plain[i] === name || others.length > 1 ? [] : [{ type, from: name, to: plain[i] ?? "" }];
    });
  });
  let text = JSON.stringify({ resource, data, output });
  for (const { type, from, to } of renamed) text = text.replaceAll(`${type}.${from}`, `${type}.${to}`);
  const referring = JSON.parse(text) as Pick<StackConfiguration, "resource" | "data" | "output">;
  const named = Object.entries(referring.resource ?? {}).map(([type, bodies]) => [
    type,
    Object.fromEntries(
      Object.entries(bodies).map(([name, body]) => [
        renamed.find((one) => one.type === type && one.from === name)?.to ?? name,
        body,
      ]),
    ),
  ]);
  return {
    ...stack,
    ...referring,
    resource: Object.fromEntries(named) as StackConfiguration["resource"],
    moved: [
      ...moved,
      ...renamed.map(({ type, from, to }) => ({ from: `${type}.${from}`, to: `${type}.${to}` })),
    ],
  };
}
