import { Command } from "@commander-js/extra-typings";
import * as fs from "node:fs";
import * as path from "node:path";
import { findHelm } from "../helm/helm";
import { repository } from "../command-line/repository";
import { defaultCacheDirectory } from "../sandbox/programs";
import { deployedObjects } from "../scan/deployed-objects";
import { lintManifests } from "../scan/lint-manifests";
import { print } from "../terminal/print";

export const command = new Command("npm run lint:manifests --")
  .description("faults in what every environment deploys, by kube-score and kubeconform")
  .action(() => {
    // Where the tests have the packages.
    const kept = path.join(path.dirname(defaultCacheDirectory(process.env)), "charts");
    const chartsDirectory = process.env.CHARTS_DIR || (fs.existsSync(kept) ? kept : undefined);
    const variables = { ...process.env, ...(chartsDirectory && { CHARTS_DIR: chartsDirectory }) };
    return lintManifests({
      root: repository,
      variables,
      deployed: (environment) =>
        deployedObjects(
          { root: repository, environment, chartsDirectory, helm: () => findHelm(variables) },
          variables,
        ),
      say: print,
    });
  });
