import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { commentLimit } from "../diff/markdown";
import { OperationError } from "../errors/operation-error";

const schema = z
  .object({
    version: z.literal(1),
    environment: z.string().regex(/^[a-z0-9][-a-z0-9]{0,62}$/),
    outcome: z.enum(["same", "differs", "failed"]),
    /** What differs, or why it could not be found out. */
    markdown: z.string().max(commentLimit),
  })
  .strict();

/**
 * What a deploy of a pull request to one environment would change, as one job hands it to another.
 *
 * The job that makes it runs what the pull request brings and can do nothing but read; the one that publishes it runs the
 * base revision and takes this as text that anybody may have written.
 */
export type ReportFile = z.output<typeof schema>;

export function writeReportFile(file: string, report: ReportFile): void {
  fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

/**
 * Every report below a directory, by environment.
 *
 * @throws OperationError where a file is no report
 */
export function readReportFiles(directory: string): Map<string, ReportFile> {
  if (!fs.existsSync(directory)) return new Map();
  const files = fs
    .readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(files.map(readReportFile).map((report) => [report.environment, report]));
}

function readReportFile(file: string): ReportFile {
  try {
    return schema.parse(JSON.parse(fs.readFileSync(file, "utf8")));
  } catch {
    throw new OperationError(`${file}: is no report of a job of pull-request.yml, expected one`);
  }
}
