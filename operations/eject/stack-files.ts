import { isMap } from "../../settings/yaml-file";
import { type Blocks, blockText, type Body, comment, Expression, expressionText, templateParts } from "./hcl";
import type { ProviderBlocks } from "./provider-blocks";
import { reasons } from "./reasons";
import type { StackConfiguration } from "./stack-configuration";

/** What every resource and data source may have, whatever its provider. */
const lifecycle: Blocks = { lifecycle: { precondition: {}, postcondition: {} } };

/**
 * A stack as people write one: what is about one namespace in a file of its own, the values of each release as YAML beside it.
 *
 * @returns the text of each file, by its name
 */
export function stackFiles(
  stack: StackConfiguration,
  providers: ProviderBlocks,
): { readonly [file: string]: string } {
  const files = new Map<string, string[]>();
  const write = (file: string, text: string): void =>
    void files.set(file, [...(files.get(file) ?? []), text]);
  const { terraform, provider, variable = {}, data = {}, resource = {}, output = {} } = stack;

  write("terraform.tf", terraformText(terraform));
  for (const [name, bodies] of Object.entries(provider)) {
    for (const body of bodies) {
      write(
        "providers.tf",
        blockText(["provider", name], body, providers.provider[name] ?? {}, reasonsOf(name)),
      );
    }
  }
  for (const [name, { type, ...body }] of Object.entries(variable)) {
    const typed = { ...(type !== undefined && { type: new Expression(String(type)) }), ...body };
    write("variables.tf", blockText(["variable", name], typed, { validation: {} }));
  }
  for (const [name, body] of Object.entries(output)) {
    write("outputs.tf", blockText(["output", name], body, { precondition: {} }));
  }
  for (const { type, name, body } of flat(data)) {
    const blocks = { ...providers.data[type], ...lifecycle };
    const reason = reasonsOf(`data.${type}.${name}`);
    write("main.tf", blockText(["data", type, name], withReferences(body), blocks, reason));
  }

  const shared = sharedLabels(flat(resource));
  for (const file of new Set(shared.map((one) => one.file))) {
    const locals = shared.filter((one) => one.file === file).map(({ name, labels }) => [name, labels]);
    write(file, blockText(["locals"], Object.fromEntries(locals) as Body, {}));
  }
  for (const { type, name, body } of flat(resource)) {
    const written = withReferences(
      withLabels(type === "helm_release" ? withValues(name, body, write) : body, shared),
    );
    const blocks = { ...providers.resource[type], ...lifecycle };
    write(fileOf(type, body), blockText(["resource", type, name], written, blocks, reasonsOf(type)));
  }
  for (const [kind, one] of [
    ...(stack.moved ?? []).map((moved) => ["moved", moved] as const),
    ...(stack.removed ?? []).map((removed) => ["removed", removed] as const),
  ]) {
    const addresses = Object.fromEntries(
      Object.entries(one).map(([name, at]) => [name, typeof at === "string" ? new Expression(at) : at]),
    );
    write(
      kind === "moved" ? "moved.tf" : "main.tf",
      blockText([kind], addresses, { lifecycle: {} }, reasonsOf(kind)),
    );
  }
  return Object.fromEntries([...files].map(([file, texts]) => [file, texts.join("\n")]));
}

function terraformText({
  backend,
  required_providers: sources,
  ...settings
}: StackConfiguration["terraform"]): string {
  const required = Object.fromEntries(
    Object.entries(sources).map(([name, { source, version }]) => [
      name,
      // Short for this one, in the JSON.
      { source: source.includes("/") ? source : `hashicorp/${source}`, version },
    ]),
  );
  const [[type, body] = ["local", {}]] = Object.entries(backend);
  const block = `backend ${JSON.stringify(type)}`;
  return blockText(
    ["terraform"],
    { ...settings, required_providers: required, [block]: body },
    { required_providers: {}, encryption: { state: {}, plan: {} }, [block]: {} },
    (path) => (path === block ? reasons["terraform.backend"] : undefined),
  );
}

function reasonsOf(type: string): (path: string) => string | undefined {
  return (path) => reasons[path === "" ? type : `${type}.${path}`];
}

function flat(
  all: NonNullable<StackConfiguration["resource"]>,
): { type: string; name: string; body: Body }[] {
  return Object.entries(all).flatMap(([type, some]) =>
    Object.entries(some).map(([name, body]) => ({ type, name, body })),
  );
}

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Labels;
}

interface Labels {
  readonly [label: string]: string;
}

function metadataOf({ metadata }: Body): Metadata {
  return isMap(metadata) ? metadata : {};
}

/** Of the namespace that something is in, or is. */
function fileOf(type: string, body: Body): string {
  const { name, namespace = body.namespace } = metadataOf(body);
  const own = type.startsWith("kubernetes_namespace") ? name : namespace;
  return `${String(own ?? "main")}.tf`;
}

/** What is an address in HCL, and a text in JSON. */
function withReferences(body: Body): Body {
  const { depends_on: needed } = body;
  return Array.isArray(needed)
    ? { ...body, depends_on: needed.map((address) => new Expression(String(address))) }
    : body;
}

interface SharedLabels {
  readonly name: string;
  readonly labels: Labels;
  /** That of the first resource that has them. */
  readonly file: string;
}

/** Labels that stand more than once, each under the name of a local. */
function sharedLabels(resources: ReturnType<typeof flat>): SharedLabels[] {
  const all = new Map<string, SharedLabels & { times: number }>();
  for (const { type, body } of resources) {
    const { labels = {} } = metadataOf(body);
    const words = ["name", "component"].map((word) => labels[`app.kubernetes.io/${word}`]);
    const name = `${words.join("_").replaceAll("-", "_")}_labels`;
    const { times = 0, ...found } = all.get(JSON.stringify(labels)) ?? {};
    all.set(JSON.stringify(labels), { name, labels, file: fileOf(type, body), ...found, times: times + 1 });
  }
  return [...all.values()].filter(({ times, name }) => times > 1 && name !== "__labels");
}

function withLabels(body: Body, shared: readonly SharedLabels[]): Body {
  const metadata = metadataOf(body);
  const { labels: own = {} } = metadata;
  const found = shared.find(({ labels }) =>
    Object.entries(labels).every(([label, value]) => own[label] === value),
  );
  if (!found) return body;
  const rest = Object.fromEntries(Object.entries(own).filter(([label]) => !(label in found.labels)));
  const local = `local.${found.name}`;
  const labels = Object.keys(rest).length ? `merge(${local}, ${expressionText(rest)})` : local;
  return { ...body, metadata: { ...metadata, labels: new Expression(labels) } };
}

/** The values of a release as they are read best, and the same to Helm to the last letter. */
function withValues(name: string, body: Body, write: (file: string, text: string) => void): Body {
  const values = (body.values as readonly string[]).map((text) => {
    const encoded = encodedJson(text);
    if (encoded !== undefined)
      return new Expression(`${comment(reasons["helm_release.values.jsonencode"]).join("\n")}\n${encoded}`);
    const parts = templateParts(text);
    if (parts.some(({ isExpression }) => isExpression)) return text;
    write(`values/${name}.yaml`, text.replace(/([$%])\1\{/g, "$1{"));
    return new Expression(`file("\${path.module}/values/${name}.yaml")`);
  });
  return { ...body, values };
}

/** The call that makes a text of JSON, or undefined where it would make another one. */
function encodedJson(text: string): string | undefined {
  if (!text.startsWith("{") || /[<>&]/.test(text)) return undefined;
  const content = JSON.parse(text) as unknown;
  return JSON.stringify(sorted(content)) === text
    ? `jsonencode(${expressionText(asTexts(content))})`
    : undefined;
}

/** As Terraform sorts it. */
function sorted(value: unknown): unknown {
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

/** An expression in a text is a text, whatever it is by itself. */
function asTexts(value: unknown): unknown {
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asTexts(inner)]));
  const parts = typeof value === "string" ? templateParts(value) : [];
  return parts.length === 1 && parts[0]?.isExpression
    ? new Expression(`tostring(${expressionText(value)})`)
    : value;
}
