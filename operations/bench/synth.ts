import * as fs from "node:fs";
import * as path from "node:path";
import { defaultEnvironment } from "../../settings/default-environment";
import { processEnvironment } from "../terraform/cdktf";
import type { BenchContext, Measurement } from "./figure";
import { inTurns, timedRun } from "./timed-run";

const beside = "an empty app";

/** Both stacks of the default environment beside an empty app: by the command of `cdktf.json`, then by CDKTF's command line. */
export const synth: Measurement = {
  figures: [
    { title: "synth of both stacks, without CDKTF's command line", atMost: 0.5, unit: "s", beside },
    { title: "npx cdktf synth", atMost: 1.2, unit: "s", judged: "ratio", beside },
  ],
  measure: async (context) => {
    const { root, directory, runs, say } = context;
    const empty = path.join(directory, "empty");
    writeEmptyApp(root, empty);
    const { app } = JSON.parse(fs.readFileSync(path.join(root, "cdktf.json"), "utf8")) as { app: string };
    const cli = path.join(path.dirname(require.resolve("cdktf-cli/package.json")), "bundle/bin/cdktf.js");
    say("synth without and with the CLI, in turns");
    const [ours = [], theirs, oursByCli = [], theirsByCli] = await inTurns(runs, [
      () => synthesized(context, app.split(" "), root),
      () => synthesized(context, app.split(" "), empty),
      () => synthesized(context, ["node", cli, "synth"], root),
      () => synthesized(context, ["node", cli, "synth"], empty),
    ]);
    return [
      { samples: ours, besides: theirs },
      { samples: oursByCli, besides: theirsByCli },
    ];
  },
};

/** With charts from their repositories: the same work on every machine. */
function synthesized(context: BenchContext, command: readonly string[], cwd: string): Promise<number> {
  const output = path.join(context.directory, cwd === context.root ? "platform" : "nothing");
  return timedRun(context, command.includes("synth") ? [...command, "--output", output] : command, cwd, {
    ...processEnvironment({ root: "", environment: defaultEnvironment, variables: context.variables }),
    CHARTS_DIR: "",
    CDKTF_OUTDIR: output,
  });
}

/**
 * Writes a project whose app is empty and which is otherwise like this one: the same command, flags and packages.
 *
 * @param directory is not there yet
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
}
