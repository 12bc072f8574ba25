import * as fs from "node:fs";
import * as path from "node:path";
import * as yaml from "js-yaml";
import { helmYaml, portableYaml } from "./helm-yaml";
import { SettingsError } from "./settings-error";

/** A YAML mapping as it was read. */
export type YamlMap = { [key: string]: unknown };

/** Whether a value is a mapping: neither a list nor nothing. */
export function isMap(value: unknown): value is YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path of keys and of places in lists, or undefined where the path ends early. */
export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" ? (at as YamlMap | null)?.[key] : undefined),
    value,
  );
}

/**
 * Reads one YAML file whose top level is a mapping. An empty file, or one of comments alone, is an empty mapping.
 *
 * @param root the repository, absolute
 * @param file relative to the repository: it is what error messages name
 * @param schema what a word stands for. @default - what it does for Helm
 * @throws SettingsError when the file is missing, is not YAML (with line and column), repeats a key, or holds another type
 */
export function readYamlFile(root: string, file: string, schema: yaml.Schema = helmYaml): YamlMap {
  return parseYamlMap(readTextFile(root, file), file, schema);
}

/**
 * The text of a file.
 *
 * @param file relative to the root: it is what error messages name
 * @throws SettingsError when it is missing or cannot be read
 */
export function readTextFile(root: string, file: string): string {
  try {
    return fs.readFileSync(path.join(root, file), "utf8");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const reasons: { readonly [code: string]: string } = {
      ENOENT: "no such file",
      EISDIR: "is a folder, expected a file",
    };
    throw new SettingsError(`${file}: ${reasons[code] ?? `cannot be read (${code})`}`);
  }
}

/** Like {@link readYamlFile}, for text that was read already. */
export function parseYamlMap(text: string, file: string, schema: yaml.Schema = helmYaml): YamlMap {
  let documents: unknown[];
  try {
    documents = yaml.loadAll(text, undefined, { filename: file, schema });
  } catch (error) {
    if (!(error instanceof yaml.YAMLException)) throw error;
    const position = error.mark ? `:${error.mark.line + 1}:${error.mark.column + 1}` : "";
    // The exception's own message quotes the lines around the fault, which may hold values: only its reason is used, and
    // without the names of aliases and tags, which may be the start of a value that lacks its quotes.
    const reason = error.reason.replace(/: .*|(?<=alias|handle|for) "[^"]*"| !<.*>/g, "");
    throw new SettingsError(`${file}${position}: not valid YAML: ${reason}`);
  }
  const [content, ...others] = documents;
  if (others.some((other) => other !== null)) {
    throw new SettingsError(
      `${file}:${secondDocument(text)}: a second YAML document begins here, and the first alone is read, by Helm as well: move what is in it into the first, or remove it`,
    );
  }
  if (content === undefined || content === null) return {};
  if (typeof content !== "object" || Array.isArray(content)) {
    throw new SettingsError(
      `${file}: expected a mapping of keys to values, found ${Array.isArray(content) ? "a list" : `a ${typeof content}`}`,
    );
  }
  return content as YamlMap;
}

/** The line of the `---` that the second document of a text begins with. */
function secondDocument(text: string): number {
  const lines = text.split("\n");
  const [first = 0, second] = lines.flatMap((line, i) => (/^---(\s|$)/.test(line) ? i : []));
  const isInFirst = lines.slice(0, first).some((line) => /^[^#%\s]/.test(line));
  return (isInFirst ? first : (second ?? first)) + 1;
}

/**
 * YAML with sorted keys and without comments, anchors or folded lines: the same data is always the same text, and Helm and others
 * read it alike.
 */
export function toYaml(content: unknown): string {
  return yaml.dump(content, { schema: portableYaml, sortKeys: true, noRefs: true, lineWidth: -1 });
}
