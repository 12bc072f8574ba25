import { loadEnvironment } from "../../applications/load-environment";
import { environmentCommand } from "../command-line/environment-option";
import { writeOutput } from "../command-line/write-output";
import { repository } from "../command-line/repository";
import { graphOf, graphText } from "../platform/graph";
import { graphPicture } from "../platform/graph-picture";

interface GraphOptions {
  readonly environment: string;
  readonly json?: boolean;
  readonly svg?: string;
}

export const command = environmentCommand(
  "graph",
  "the order of the releases: what goes side by side, and what each needs",
)
  .option("--json", "answer in JSON")
  .option("--svg <file>", "draw it into this file, too, for light pages and for dark ones")
  .action(({ environment, json, svg }: GraphOptions) => {
    const graph = graphOf(loadEnvironment(repository, environment, process.env));
    if (svg !== undefined) writeOutput(svg, graphPicture(graph));
    process.stdout.write(`${json ? JSON.stringify(graph, null, 2) : graphText(graph)}\n`);
  });
