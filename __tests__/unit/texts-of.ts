import * as fs from "node:fs";
import * as path from "node:path";

/** Every file of a directory, by its path there. */
export function textsOf(directory: string): { readonly [file: string]: string } {
  const files = fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map(({ parentPath, name }) => path.join(parentPath, name))
      .sort()
      .map((file) => [path.relative(directory, file), fs.readFileSync(file, "utf8")]),
  );
}
