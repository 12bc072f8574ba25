import * as path from "node:path";

/** The repository, absolute. */
export const repository = path.join(__dirname, "..", "..");
