import type { Graph } from "./graph";

/** In pixels. */
const box = { width: 188, height: 46 };
const gap = { x: 28, y: 44 };
const margin = 16;

interface Placed {
  readonly name: string;
  readonly below: string;
  readonly needs: readonly string[];
  readonly x: number;
  readonly y: number;
}

const foundation = "foundation";

/**
 * The order as a picture: a row of boxes for what goes side by side, and a line from each release to what it needs, or to the
 * foundation. It has no background of its own, and colours for a light and for a dark page.
 */
export function graphPicture({ environment, rows }: Graph): string {
  const boxes = [
    [{ name: foundation, below: "namespaces, claims, policies", needs: [] as readonly string[] }],
    ...rows.map((row) =>
      row.map(({ name, application, needs }) => ({
        name,
        below: application,
        needs: needs.length ? needs : [foundation],
      })),
    ),
  ];
  const rowWidth = (count: number): number => count * box.width + (count - 1) * gap.x;
  const inner = Math.max(...boxes.map(({ length }) => rowWidth(length)));
  const placed = boxes.flatMap((row, y): Placed[] =>
    row.map((one, x) => ({
      ...one,
      x: margin + (inner - rowWidth(row.length)) / 2 + x * (box.width + gap.x),
      y: margin + y * (box.height + gap.y),
    })),
  );
  const [width, height] = [
    inner + 2 * margin,
    boxes.length * box.height + (boxes.length - 1) * gap.y + 2 * margin,
  ];
  const order = boxes.map((row) => row.map(({ name }) => name).join(" and ")).join(", then ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="14" role="img" aria-labelledby="t">`,
    `  <title id="t">The order in which ${escaped(environment)} is deployed: ${escaped(order)}</title>`,
    "  <style>",
    "    .box{fill:#e0f2fe;stroke:#0284c7}.h{font-weight:600;fill:#0f172a}.s{fill:#475569;font-size:11.5px}.e{stroke:#64748b;fill:none}.a{fill:#64748b}",
    "    @media (prefers-color-scheme:dark){.box{fill:#0c4a6e;stroke:#38bdf8}.h{fill:#f8fafc}.s{fill:#cbd5e1}.e{stroke:#94a3b8}.a{fill:#94a3b8}}",
    "  </style>",
    '  <defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" class="a"/></marker></defs>',
    ...placed.flatMap((to) =>
      to.needs.flatMap((needed) => {
        const from = placed.find(({ name }) => name === needed);
        return from ? [line(from, to)] : [];
      }),
    ),
    ...placed.flatMap(({ name, below, x, y }) => [
      `  <rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="6" class="box"/>`,
      `  <text x="${x + box.width / 2}" y="${y + 20}" class="h" text-anchor="middle">${escaped(shortened(name))}</text>`,
      `  <text x="${x + box.width / 2}" y="${y + 37}" class="s" text-anchor="middle">${escaped(below)}</text>`,
    ]),
    "</svg>",
    "",
  ].join("\n");
}

/** From what is needed down to what needs it. One that passes a row by goes behind its boxes. */
function line(from: Placed, to: Placed): string {
  const [x1, y1] = [from.x + box.width / 2, from.y + box.height];
  const [x2, y2] = [to.x + box.width / 2, to.y];
  const middle = (y1 + y2) / 2;
  return `  <path d="M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2 - 1}" class="e" marker-end="url(#a)"/>`;
}

/** What fits into a box. */
function shortened(name: string): string {
  return name.length > 20 ? `${name.slice(0, 19)}…` : name;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
