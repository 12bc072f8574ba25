/**
 * How a template uses a value:
 * - `test`: asks whether it is there
 * - `value`: prints it, or hands it to a function
 * - `whole`: prints it with everything in it (`toYaml`), so that it may hold any key
 * - `each`: goes through its items
 * - `entries`: goes through its keys and what they have
 */
export type Use = "test" | "value" | "whole" | "each" | "entries";
