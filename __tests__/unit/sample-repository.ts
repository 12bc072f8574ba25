import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** This repository. */
export const repository = path.join(__dirname, "../..");

/** A copy of what the settings are read from, for tests that break a file. */
export interface SampleRepository {
  /** Absolute. */
  readonly root: string;
  /** Replaces a file, or makes it. */
  write(file: string, text: string): void;
  /** Replaces text that the file has: a test whose text has gone fails instead of testing nothing. */
  edit(file: string, found: string, replacement: string): void;
  remove(file: string): void;
}

const made: string[] = [];

afterAll(() => {
  for (const directory of made.splice(0)) fs.rmSync(directory, { recursive: true });
});

/** An empty directory that is gone when the tests of the file are done. */
export function temporaryDirectory(): string {
  // The real path: on some machines the directory for temporary files is a link.
  const directory = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "llm-platform-unit-"));
  made.push(directory);
  return directory;
}

/** A copy of environments/, values/ and charts/, gone when the tests of the file are done. */
export function sampleRepository(): SampleRepository {
  const root = temporaryDirectory();
  for (const name of ["environments", "values", "charts"]) {
    fs.cpSync(path.join(repository, name), path.join(root, name), { recursive: true });
  }
  const write = (file: string, text: string) => fs.writeFileSync(path.join(root, file), text);
  return {
    root,
    write,
    edit: (file, found, replacement) => {
      const text = fs.readFileSync(path.join(root, file), "utf8");
      if (!text.includes(found)) throw new Error(`${file} has no ${JSON.stringify(found)}`);
      write(
        file,
        text.replace(found, () => replacement),
      );
    },
    remove: (file) => fs.rmSync(path.join(root, file)),
  };
}
