/** One step of an apply, such as `helm_release.chat: Creation complete after 2s`. */
const step =
  /([\w.[\]"-]+)(?: \([\w/-]+\))?: ((?:Creating|Modifying|Destroying|Creation complete|Modifications complete|Destruction complete|Still \w+)\b.*)$/;
const summary = /^[a-z0-9-]*\s*((?:Plan:|No changes\.|Apply complete!|Destroy complete!).*)$/;

/**
 * Picks from CDKTF's output what says how far an apply is: a plan of two releases is hundreds of lines of values.
 *
 * @param show takes one line
 * @returns takes the output in pieces of any size
 */
export function progressLines(show: (line: string) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const plain = line.replace(/\u001b\[[0-9;]*m/g, "").trim();
      const [, resource, event] = step.exec(plain) ?? [];
      const found = resource ? `${resource}: ${event}` : summary.exec(plain)?.[1];
      if (found) show(found);
    }
  };
}
