import * as fs from "node:fs";
import * as path from "node:path";
import { contextOf, environmentCommand } from "../command-line/environment-option";
import { print } from "../terminal/print";
import { writeOutput } from "../command-line/write-output";
import { graphOf, graphText } from "../platform/graph";
import { graphPicture } from "../platform/graph-picture";
import { connectionsOf, networkText } from "../platform/network";
import { stacks, synthesize, workingDirectory } from "../terraform/cdktf";

export const command = environmentCommand(
  "graph",
  "the order of the releases: what goes side by side, and what each needs",
)
  .option("--json", "answer in JSON")
  .option("--network", "who may talk to whom instead, as the NetworkPolicies say it")
  .option("--svg <file>", "draw it into this file, too, for light pages and for dark ones")
  .action(async ({ environment: name, json, network, svg }) => {
    const { root, environment, variables } = contextOf(name);
    if (network) {
      const context = { root, environment, variables };
      await synthesize(context);
      const file = path.join(workingDirectory(context, stacks[0]), "cdk.tf.json");
      const connections = connectionsOf(JSON.parse(fs.readFileSync(file, "utf8")));
      return print(json ? JSON.stringify(connections, null, 2) : networkText(connections));
    }
    const graph = graphOf(environment);
    if (svg !== undefined) writeOutput(svg, graphPicture(graph));
    print(json ? JSON.stringify(graph, null, 2) : graphText(graph));
  });
