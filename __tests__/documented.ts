import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** The page that says what to do about each fault, with what the commands print. */
export const operationsPage = path.join(__dirname, "..", "docs", "operations.md");

/** One example of the page: what was typed, and what was printed. */
export interface Example {
  readonly name: string;
  readonly command: string;
  readonly output: string;
}

const block = /<!-- example: ([\w-]+) -->\n+```console\n\$ (.*)\n([\s\S]*?)```\n/g;

/** Every example of the page, in its order. */
export function examples(markdown: string): Example[] {
  return [...markdown.matchAll(block)].map(([, name = "", command = "", output = ""]) => ({
    name,
    command,
    output,
  }));
}

/**
 * Holds an example of docs/operations.md against what the command really printed. Times, durations, names of people,
 * machines and processes, and what Kubernetes makes at random may differ.
 *
 * With `UPDATE_DOCS=1` the example is written anew instead.
 *
 * @param name of the example: `<!-- example: NAME -->` stands before its block
 * @param command as a user types it
 * @param output what it printed
 * @param root of the clone that it ran in
 * @param part what the page shows of a long output. Default: all of it
 */
export function expectDocumented(
  name: string,
  command: string,
  output: string,
  root: string,
  part?: RegExp,
): void {
  const markdown = fs.readFileSync(operationsPage, "utf8");
  const found = examples(markdown).find((example) => example.name === name);
  if (!found) throw new Error(`docs/operations.md has no example ${name}`);
  const shown = part ? part.exec(output)?.[0] : output;
  if (shown === undefined) throw new Error(`${command} did not print ${String(part)}:\n${output}`);
  const printed = `${presentable(shown, root).trimEnd()}\n`;
  if (process.env.UPDATE_DOCS) {
    const text = markdown.replace(block, (whole: string, other: string) =>
      other === name ? `<!-- example: ${name} -->\n\n\`\`\`console\n$ ${command}\n${printed}\`\`\`\n` : whole,
    );
    fs.writeFileSync(operationsPage, text);
    return;
  }
  expect({ name, command: found.command, output: constant(found.output) }).toEqual({
    name,
    command,
    output: constant(printed),
  });
}

/** The output as the page shows it: the machine that ran it says nothing to a reader. */
function presentable(output: string, root: string): string {
  const { username } = os.userInfo();
  return output
    .replaceAll(fs.realpathSync(root), "~/llm-platform")
    .replaceAll(root, "~/llm-platform")
    .replaceAll(`${username}@${os.hostname()}`, "mira@laptop")
    .replace(/\u001b\[[0-9;?]*[a-zA-Z]/g, "")
    .replace(/[ \t]+$/gm, "");
}

/** What is the same in every run. Lines are broken where the widest of what differs made it necessary. */
function constant(output: string): string {
  return (
    output
      .replace(/\s+/g, " ")
      .replace(/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|UTC))?/g, "TIME")
      // A pod of a Deployment. The hash of its template is a number of 32 bits, a character a digit: a small one is short.
      .replace(/-[4-9bcdf]{1,10}-[2-9b-df-hj-np-tv-xz]{5}\b/g, "-POD")
      // Before the durations: a commit may be digits and a d.
      .replace(/\b[0-9a-f]{7,40}\b/g, "HASH")
      .replace(/\b(\d+m(?=\d+s))?\d+(\.\d+)? ?(ms|seconds?|minutes?|min|hours?|days?|[smhd])\b/g, "DURATION")
      .replace(/process \d+/g, "process PID")
      .replace(/\bkill \d+( \d+)*/g, "kill PIDS")
      // Where something stands in what is synthesized.
      .replace(/(cdk\.tf\.json line) \d+/g, "$1 N")
      .replace(/ \d+: "/g, ' N: "')
      .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
      .replace(/\b\d+(\.\d+)? a second/g, "N a second")
      .replace(/\(hidden [0-9a-f]{8}\)/g, "(hidden HASH)")
      .replace(/[─-]{3,}/g, "---")
      .trim()
  );
}
