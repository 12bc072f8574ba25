import * as path from "node:path";

/** The repository, absolute. */
export const repository = path.dirname(__dirname);
