import type { Body } from "./hcl";

/** A synthesized stack, as much of it as there may be. */
export interface StackConfiguration {
  readonly terraform: Body & { readonly backend: Body; readonly required_providers: Sources };
  readonly provider: { readonly [name: string]: readonly Body[] };
  /** @default - there are none */
  readonly variable?: { readonly [name: string]: Body };
  /** @default - there are none */
  readonly data?: { readonly [type: string]: { readonly [name: string]: Body } };
  /** @default - there are none */
  readonly resource?: { readonly [type: string]: { readonly [name: string]: Body } };
  /** @default - there are none */
  readonly output?: { readonly [name: string]: Body };
  /** @default - there are none */
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
  /** @default - there are none */
  readonly removed?: readonly ({ readonly from: string } & Body)[];
}

interface Sources {
  readonly [name: string]: { readonly source: string; readonly version: string };
}
