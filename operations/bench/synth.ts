import * as fs from "node:fs";
import * as path from "node:path";
import { defaultEnvironment } from "../../settings/default-environment";
import { withTemporaryDirectory } from "../diff/temporary-directory";
import { OperationError } from "../errors/operation-error";
import { processEnvironment } from "../terraform/cdktf";
import type { BenchContext, Measurement } from "./figure";
import { inTurns, timedRun } from "./timed-run";

/** Both stacks of the default environment beside an empty app: by the command of `cdktf.json`, then by CDKTF's command line. */
export const synth: Measurement = {
  figures: [
    {
      id: "synth-time",
      title: "synth of both stacks, without CDKTF's command line",
      atMost: 0.5,
      unit: "s",
    },
    { id: "synth-memory", title: "its peak memory", atMost: 130, unit: "MB" },
    { id: "cli-synth", title: "npx cdktf synth", atMost: 0.5, unit: "s", judged: "difference" },
  ],
  measure: (context) =>
    withTemporaryDirectory(async (empty) => {
      const { root, runs, say } = context;
      writeEmptyApp(root, empty);
      const run = (cwd: string, output: string, command: readonly string[]) =>
        synthesized(context, command, cwd, path.join(empty, "cdktf.out", output));
      const inBoth = (command: (output: string) => readonly string[]) =>
        inTurns(
          runs,
          () => run(root, "platform", command("platform")),
          () => run(empty, "empty", command("empty")),
        );
      say(`synth without the CLI, ${runs} times`);
      const app = await inBoth(() => appCommand(root));
      say(`synth with the CLI, ${runs} times`);
      const cli = path.join(path.dirname(require.resolve("cdktf-cli/package.json")), "bundle/bin/cdktf.js");
      const withCli = await inBoth((output) => [
        ...["node", cli, "synth", "--output", path.join(empty, "cdktf.out", output)],
      ]);
      const outcome = ([ours, beside]: typeof app, pick: "seconds" | "megabytes") => ({
        samples: ours.map((run) => run[pick]),
        beside: { what: "an empty app", samples: beside.map((run) => run[pick]) },
      });
      return {
        "synth-time": outcome(app, "seconds"),
        "synth-memory": outcome(app, "megabytes"),
        "cli-synth": outcome(withCli, "seconds"),
      };
    }, false),
};

/** With charts from their repositories: the same work on every machine. */
async function synthesized(
  { variables, signal }: BenchContext,
  command: readonly string[],
  cwd: string,
  output: string,
): Promise<{ readonly seconds: number; readonly megabytes: number }> {
  // Quoted as NODE_OPTIONS asks for: the path may hold spaces.
  const hook = path.join(__dirname, "report-peak-memory.cjs").replace(/["\\]/g, "\\$&");
  const own = {
    ...processEnvironment({ root: "", environment: defaultEnvironment, variables }),
    CHARTS_DIR: "",
    CDKTF_OUTDIR: output,
    NODE_OPTIONS: `${variables.NODE_OPTIONS ?? ""} --require "${hook}"`,
  };
  const { seconds, errors } = await timedRun(command, { cwd, variables: own, signal });
  const peaks = [...errors.matchAll(/^peak memory: (\d+) KiB$/gm)].map(([, kib]) => Number(kib));
  return { seconds, megabytes: Math.max(...peaks) / 1024 };
}

/** The command that synthesizes, as `cdktf.json` has it, without the shell in which CDKTF runs it. */
export function appCommand(root: string): string[] {
  const { app } = JSON.parse(fs.readFileSync(path.join(root, "cdktf.json"), "utf8")) as { app: string };
  if (!/["'$\\;&|<>*]/.test(app)) return app.split(" ");
  throw new OperationError(
    `cdktf.json: app: found ${JSON.stringify(app)}, expected a program and plain arguments: the bench starts it without a shell`,
  );
}

/**
 * Writes a project whose app is empty and which is otherwise like this one: the same command, flags and packages.
 *
 * @param directory exists and is empty
 */
export function writeEmptyApp(root: string, directory: string): void {
  // What the command preloads is among them.
  for (const file of ["cdktf.json", "package.json", "tsconfig.json", "operations/typescript.cjs"]) {
    fs.cpSync(path.join(root, file), path.join(directory, file));
  }
  fs.symlinkSync(fs.realpathSync(path.join(root, "node_modules")), path.join(directory, "node_modules"));
  // One stack with nothing in it: CDKTF's command line calls an app without stacks an error.
  fs.writeFileSync(
    path.join(directory, "main.ts"),
    `import { App, TerraformStack } from "cdktf";

const app = new App();
new TerraformStack(app, "empty");
app.synth();
`,
  );
  // CDKTF makes the last folder of a path, not those above it.
  fs.mkdirSync(path.join(directory, "cdktf.out"));
}
