/** The programs that run the stacks. Each takes the providers from a registry of its own, and writes it into the state. */
const engines = {
  terraform: {
    title: "Terraform",
    program: "terraform",
    registry: "registry.terraform.io",
    configuration: [".terraformrc"],
    install: "https://developer.hashicorp.com/terraform/install",
    encrypts: false,
  },
  opentofu: {
    title: "OpenTofu",
    program: "tofu",
    registry: "registry.opentofu.org",
    configuration: [".tofurc", ".terraformrc"],
    install: "https://opentofu.org/docs/intro/install/",
    encrypts: true,
  },
} as const;

export type EngineName = keyof typeof engines;

export const engineNames = Object.keys(engines) as [EngineName, ...EngineName[]];

/** What both are called when they run, wherever they lie. */
export const enginePrograms = Object.values(engines).map(({ program }) => program);

/** The program that runs the stacks of an environment. */
export interface Engine {
  /** As people write it, such as `OpenTofu`. */
  readonly title: string;
  /** A name to be found on PATH, or a path. */
  readonly program: string;
  /** Host of the registry that the providers come from. */
  readonly registry: string;
  /** Names of its CLI configuration in the home directory, where `TF_CLI_CONFIG_FILE` names none: the first is taken. */
  readonly configuration: readonly string[];
  /** The page that says how it is installed. */
  readonly install: string;
  /** Whether it can encrypt states and plans. */
  readonly encrypts: boolean;
}

/**
 * The engine of an environment. The variable `TERRAFORM_BINARY_NAME`, which CDKTF's command line reads, too, goes before the
 * environment: a program called `tofu…` is OpenTofu, one called `terraform…` Terraform, and any other what the environment says.
 */
export function engineOf(
  said: EngineName,
  { TERRAFORM_BINARY_NAME: named }: { readonly TERRAFORM_BINARY_NAME?: string },
): Engine {
  if (!named) return engines[said];
  const [file = ""] = named.split(/[/\\]/).slice(-1);
  const engine = Object.values(engines).find(({ program }) => file.startsWith(program)) ?? engines[said];
  return { ...engine, program: named };
}
