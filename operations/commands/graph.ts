import { contextOf, environmentCommand } from "../command-line/environment-option";
import { print } from "../terminal/print";
import { writeOutput } from "../command-line/write-output";
import { graphOf, graphText } from "../platform/graph";
import { graphPicture } from "../platform/graph-picture";

export const command = environmentCommand(
  "graph",
  "the order of the releases: what goes side by side, and what each needs",
)
  .option("--json", "answer in JSON")
  .option("--svg <file>", "draw it into this file, too, for light pages and for dark ones")
  .action(({ environment, json, svg }) => {
    const graph = graphOf(contextOf(environment).environment);
    if (svg !== undefined) writeOutput(svg, graphPicture(graph));
    print(json ? JSON.stringify(graph, null, 2) : graphText(graph));
  });
