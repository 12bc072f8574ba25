import type { ChartPackage } from "./chart-package";
import { markPattern, changedText } from "./template-value";
import { parseTemplate, type TemplateNode, type TemplateTree } from "./template-tree";

interface Definition {
  readonly file: string;
  readonly nodes: readonly TemplateNode[];
}

// A name that is put together of little else than values may be any.
const mostMatches = 20;

/** The templates of a chart and its subcharts by name, which Helm shares among all of them: those defined, and the files. */
export class NamedTemplates {
  /** The templates that could not be understood, each with the line where that was: what they read is not known. */
  public readonly notUnderstood: string[] = [];
  private readonly definitions = new Map<string, Definition>();
  private readonly bodies = new Map<ChartPackage, Map<string, readonly TemplateNode[]>>();

  public constructor(chart: ChartPackage) {
    this.define(chart, chart.name);
  }

  /** The files of a chart that are rendered: those whose name begins with _ are not, they hold named templates. */
  public rendered(chart: ChartPackage): [path: string, body: readonly TemplateNode[]][] {
    return [...(this.bodies.get(chart) ?? [])].filter(([path]) => !/(^|\/)_[^/]*$/.test(path));
  }

  /** Those that a name may be of: one of a part that is not known matches whatever stands there. */
  public named(name: string): [name: string, nodes: readonly TemplateNode[]][] {
    const own = this.definitions.get(name);
    if (own) return [[name, own.nodes]];
    const pattern = textPattern(name);
    const found = pattern ? [...this.definitions].filter(([other]) => pattern.test(other)) : [];
    return found.length > mostMatches ? [] : found.map(([other, { nodes }]) => [other, nodes]);
  }

  /** @param maybe whether it may be no template at all */
  public parse(text: string, file: string, maybe = false): TemplateTree | undefined {
    try {
      return parseTemplate(text, file);
    } catch (error) {
      if (!maybe) this.notUnderstood.push((error as Error).message);
      return undefined;
    }
  }

  private define(chart: ChartPackage, folder: string): void {
    const bodies = new Map<string, readonly TemplateNode[]>();
    this.bodies.set(chart, bodies);
    for (const { path, text } of chart.templates) {
      const file = `${folder}/${path}`;
      const parsed = this.parse(text, file);
      if (!parsed) continue;
      bodies.set(path, parsed.body);
      for (const [name, nodes] of [...parsed.definitions, [file, parsed.body] as const]) {
        const known = this.definitions.get(name);
        if (!known || wins({ file, nodes }, known)) this.definitions.set(name, { file, nodes });
      }
    }
    for (const { key, chart: subchart } of chart.subcharts) this.define(subchart, `${folder}/charts/${key}`);
  }
}

/** What a text with marks may be; undefined where nothing of it is known. */
export function textPattern(text: string): RegExp | undefined {
  const parts = text
    .replace(/\u0003$/, "")
    .replace(markPattern, changedText)
    .split(changedText);
  const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return parts.length > 1 && parts.some(Boolean) ? new RegExp(`^${escaped.join(".*")}$`) : undefined;
}

/**
 * Which of two definitions of the same name Helm listens to: the one nearer to the top, then that of the first file by name. What is
 * empty takes nothing's place.
 *
 * @see https://pkg.go.dev/text/template#Template.Parse
 */
function wins({ file, nodes }: Definition, other: Definition): boolean {
  const depth = (path: string): number => path.split("/").length;
  if (isEmpty(nodes) !== isEmpty(other.nodes)) return isEmpty(other.nodes);
  return depth(file) !== depth(other.file) ? depth(file) < depth(other.file) : file < other.file;
}

function isEmpty(nodes: readonly TemplateNode[]): boolean {
  return nodes.every((node) => node.kind === "text" && !node.text.trim());
}
