import { z } from "zod";
import { OperationError } from "../errors/operation-error";

const names = z.array(z.string().regex(/^[a-z0-9][-a-z0-9]{0,62}$/));

/**
 * The environments that the workflows deploy to.
 *
 * @param variables `ENVIRONMENTS` is a list in JSON, such as `["production"]`. @default - none
 * @throws OperationError where it is something else
 */
export function environmentsOf({ ENVIRONMENTS: text }: NodeJS.ProcessEnv): string[] {
  if (!text) return [];
  try {
    return names.parse(JSON.parse(text));
  } catch {
    throw new OperationError(
      `ENVIRONMENTS: found ${JSON.stringify(text)}, expected a list in JSON, such as ["production"]: correct the variable of the repository on GitHub`,
    );
  }
}
