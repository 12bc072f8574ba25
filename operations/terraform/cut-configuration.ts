import * as fs from "node:fs";
import * as path from "node:path";
import { type CdktfContext, workingDirectory } from "./cdktf";

/** As much of a synthesized stack as is looked at. */
export interface Configuration {
  /** By type and logical id. @default - there are none */
  readonly resource?: { readonly [type: string]: { readonly [id: string]: ConfiguredResource } };
  /** What is in a state at another address. @default - nothing */
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
  /** @default - there are none */
  readonly variable?: unknown;
  /** @default - there are none */
  readonly output?: { readonly [name: string]: unknown };
}

interface ConfiguredResource {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly depends_on?: readonly string[];
  readonly [attribute: string]: unknown;
}

/** Does work while a stack is less than what was synthesized. Whoever looks at it afterwards finds all of it again. */
export async function withCutConfiguration<Result>(
  context: CdktfContext,
  stack: string,
  cut: (whole: Configuration) => Configuration,
  work: () => Promise<Result>,
): Promise<Result> {
  const file = path.join(workingDirectory(context, stack), "cdk.tf.json");
  const whole = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, JSON.stringify(cut(JSON.parse(whole) as Configuration)));
  try {
    return await work();
  } finally {
    fs.writeFileSync(file, whole);
  }
}

/**
 * The resources of a configuration that stay, without their needs of others; undefined where none does, because Terraform
 * takes no empty block.
 *
 * @param stays by address, such as `kubernetes_namespace_v1.chat`
 * @param more what each of them has besides
 */
export function stayingResources(
  { resource = {} }: Configuration,
  stays: (address: string) => boolean,
  more: object = {},
): Configuration["resource"] {
  const left = Object.entries(resource).flatMap(([type, resources]) => {
    const staying = Object.entries(resources)
      .filter(([id]) => stays(`${type}.${id}`))
      .map(([id, { depends_on: needed = [], ...block }]) => [
        id,
        { ...block, depends_on: needed.filter(stays), ...more },
      ]);
    return staying.length ? [[type, Object.fromEntries(staying)]] : [];
  });
  return left.length ? (Object.fromEntries(left) as Configuration["resource"]) : undefined;
}
