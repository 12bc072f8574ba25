import * as fs from "node:fs";
import * as path from "node:path";

/** One stack with nothing in it: CDKTF's command line calls an app without stacks an error. */
const program = `import { App, TerraformStack } from "cdktf";

const app = new App();
new TerraformStack(app, "empty");
app.synth();
`;

/**
 * Writes a project whose app is empty and which is otherwise like this one: the same command, flags and packages.
 *
 * @param directory exists and is empty
 */
export function writeEmptyApp(root: string, directory: string): void {
  const settings = JSON.parse(fs.readFileSync(path.join(root, "cdktf.json"), "utf8")) as object;
  fs.writeFileSync(
    path.join(directory, "cdktf.json"),
    JSON.stringify({ ...settings, projectId: "empty-app", output: "cdktf.out" }),
  );
  fs.writeFileSync(path.join(directory, "main.ts"), program);
  // The program that the command preloads included.
  for (const file of ["package.json", "tsconfig.json", "operations/typescript.cjs"]) {
    fs.cpSync(path.join(root, file), path.join(directory, file));
  }
  fs.symlinkSync(fs.realpathSync(path.join(root, "node_modules")), path.join(directory, "node_modules"));
}
