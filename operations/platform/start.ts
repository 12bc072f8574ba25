import { environmentNames } from "../../applications/load-environment";
import { defaultEnvironment } from "../../settings/default-environment";
import { loadSettings } from "../../applications/load-settings";
import { faultsOf, SettingsError } from "../../settings/settings-error";
import { ruleNames } from "../../settings/rule-names";
import { checkPlatform } from "../../stacks/platform";
import { outputDirectory, stacks, synthesize } from "../terraform/cdktf";
import { headedTable, platformRows } from "./platform-table";
import { toldOnce } from "./told-once";

export interface StartContext {
  readonly root: string;
  readonly environment: string;
  readonly variables: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
}

/** Shows the platform: synthesizes both stacks and checks whatever can be checked without a cluster or a network. */
export async function start({ root, environment, variables, print }: StartContext): Promise<void> {
  // Each environment is checked, not only the one that is shown: a fault in another is found now, not on its day.
  const names = environmentNames(root);
  const faults = toldOnce(
    names.map((name) => ({
      environment: name,
      faults: faultsOf(() =>
        checkPlatform(loadSettings(root, { CHARTS_DIR: variables.CHARTS_DIR, ENVIRONMENT: name })),
      ),
    })),
  );
  if (faults.length) throw new SettingsError(faults.join("\n"));
  const settings = loadSettings(root, { ...variables, ENVIRONMENT: environment });
  const warned = await synthesize({ root, environment: settings.environment, variables });

  const outputs = stacks.map(
    (stack) => `${outputDirectory(environment, variables)}/stacks/${stack}/cdk.tf.json`,
  );
  const selected = environment === defaultEnvironment ? "" : ` -- --environment ${environment}`;
  const next = [
    ...(environment === "sandbox" ? [] : ["npm run up", "  all of it on an embedded cluster, here"]),
    ...(environment === "sandbox"
      ? ["npm run up", "  on an embedded cluster, here"]
      : [`npm run deploy${selected}`, `  to the context ${settings.environment.cluster.context}`]),
  ];
  print(
    headedTable([
      ...platformRows(settings),
      [
        "checked",
        [
          `${names.length} environments and their values, the configuration in values/config, the lock of the charts, ${ruleNames.length} rules`,
        ],
      ],
      ["warned", warned],
      ["output", outputs],
      ["next", next],
    ]),
  );
}
