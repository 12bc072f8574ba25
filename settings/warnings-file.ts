/** What is wrong and refused by nothing, beside the stacks that were synthesized: a list of lines, in JSON. */
export const warningsFile = "warnings.json";
