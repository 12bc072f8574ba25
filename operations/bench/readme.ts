import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";
import type { Measured } from "./bench";
import { chart } from "./chart";
import { diffUnchanged } from "./figures/diff-unchanged";
import { missed, reportMarkdown } from "./report";

/** Where the figures stand in README. */
const marks = ["<!-- figures: npm run bench -- --readme -->", "<!-- /figures -->"] as const;

const picture = "docs/figures.svg";

/**
 * Writes the figures into README, and the picture that it shows.
 *
 * @param terraform its version
 */
export function writeReadme(
  root: string,
  measured: readonly Measured[],
  runs: number,
  terraform: string,
): void {
  const file = path.join(root, "README.md");
  const text = fs.readFileSync(file, "utf8");
  const [start, end] = marks.map((mark) => text.indexOf(mark)) as [number, number];
  if (start < 0 || end < start) {
    throw new OperationError(
      `README.md: the marks of the figures are not there: expected ${marks.join(" … ")}`,
    );
  }
  fs.writeFileSync(path.join(root, picture), chart(measured, diffUnchanged.title));
  const found = missed(measured);
  const sizes = [...new Set(measured.map(({ size }) => size))];
  const section = [
    marks[0],
    "",
    `Written by \`npm run bench -- --sizes ${sizes.join(",")} --runs ${runs} --readme\`.`,
    `Medians of ${runs} runs on ${os.cpus().length} cores with Node ${process.versions.node} and Terraform ${terraform}, all sides in turns.`,
    "",
    `![${diffUnchanged.title}: this platform beside Terraform alone](${picture})`,
    "",
    reportMarkdown(measured),
    "",
    found.length ? "Not kept:\n" : "Every goal is kept.",
    ...found.map((one) => `- ${one}`),
    "",
    "",
  ].join("\n");
  fs.writeFileSync(file, text.slice(0, start) + section + text.slice(end));
}
