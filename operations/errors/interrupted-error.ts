import { OperationError } from "./operation-error";

/** Ended by Ctrl-C or a signal, before everything was done. */
export class InterruptedError extends OperationError {}
