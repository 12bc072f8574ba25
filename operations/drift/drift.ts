import * as fs from "node:fs";
import { recorded } from "../deploy/recorded";
import { InterruptedError } from "../errors/interrupted-error";
import { OperationError } from "../errors/operation-error";
import { Masker } from "../secrets/masking";
import { type DriftContext, findDrift } from "./find-drift";
import { fixDrift, fixText } from "./fix";
import { driftMarkdown } from "./markdown-report";
import { canBePutBack, drifted } from "./report";
import { driftText } from "./text-report";

export interface DriftProps extends Omit<DriftContext, "masker"> {
  /** A file for the report of an issue. @default - none is written */
  readonly markdown?: string;
  /** Whether the report is JSON. @default false */
  readonly json?: boolean;
  /** Whether to put back what drifted, after a question. @default false */
  readonly fix?: boolean;
  readonly print: (text: string) => void;
  /** Throws unless the answer is yes. */
  readonly ask: (question: string) => Promise<void>;
}

/**
 * Reports what differs in the cluster from what was deployed, and puts it back where that is asked for.
 *
 * @returns the exit code: 0 where nothing differs, or nothing any more, 2 where something does
 * @throws OperationError when it cannot be found out or put back
 */
export async function drift(props: DriftProps): Promise<number> {
  const { markdown, json, fix, print, ask, ...given } = props;
  const { root, environment } = given;
  const masker = new Masker();
  const context: DriftContext = { ...given, masker };
  try {
    const { report } = await findDrift(context);
    if (markdown !== undefined) fs.writeFileSync(markdown, driftMarkdown(report));
    print(
      json
        ? `${JSON.stringify({ version: 1, drifted: drifted(report), ...report }, null, 2)}\n`
        : driftText(report, fix),
    );
    if (!drifted(report)) return 0;
    if (!fix || !canBePutBack(report)) return 2;
    await ask(`put back what drifted in ${environment.name}?`);
    const say = (line: string): void => print(`${line}\n`);
    let open = 0;
    await recorded({ root, environment, action: "fix", say }, async (interruption) => {
      const fixed = await fixDrift(context, interruption, say).catch(masked);
      say(`\n${masker.text(fixText(fixed))}`);
      open = fixed.filter(({ back }) => !back).length;
      if (interruption.signal.aborted) {
        throw new InterruptedError(`interrupted: ${fixed.length - open} put back, ${open} left`);
      }
      return { result: "succeeded", note: `${fixed.length - open} put back, ${open} left` };
    });
    return open > 0 ? 2 : 0;
  } catch (error) {
    return masked(error);
  }

  /** What Terraform and Helm say may quote what they were given. */
  function masked(error: unknown): never {
    if (error instanceof OperationError) error.message = masker.text(error.message);
    throw error;
  }
}
