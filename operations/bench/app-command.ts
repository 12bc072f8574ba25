import * as fs from "node:fs";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";

/** The command that synthesizes, as `cdktf.json` has it: `[program, ...arguments]`. */
export function appCommand(root: string): readonly [string, ...string[]] {
  const { app } = JSON.parse(fs.readFileSync(path.join(root, "cdktf.json"), "utf8")) as { app: string };
  const [program, ...args] = app.split(" ");
  // Run without the shell that CDKTF runs it in, so that the shell is not measured.
  if (!program || /["'$\\;&|<>*]/.test(app)) {
    throw new OperationError(
      `cdktf.json: app: found ${JSON.stringify(app)}, expected a program and plain arguments: the bench starts it without a shell`,
    );
  }
  return [program, ...args];
}
