import { OperationError } from "../errors/operation-error";

/** A question could not be asked. Its message says why, and says nothing against the release. */
export class UnaskedError extends OperationError {}
