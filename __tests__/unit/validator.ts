import Ajv, { type ValidateFunction } from "ajv";
import type { JsonSchema } from "../../settings/json-schema";

/** A validator that knows the keywords of editors, and refuses a schema that is none. */
export function validator(...others: readonly JsonSchema[]): Ajv {
  const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
  for (const keyword of ["errorMessage", "patternErrorMessage", "doNotSuggest"]) ajv.addKeyword(keyword);
  for (const schema of others) ajv.addSchema(schema);
  return ajv;
}

/** What a validator says, one line a fault. */
export function faultsOf(validate: ValidateFunction, data: unknown): string[] {
  if (validate(data)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
