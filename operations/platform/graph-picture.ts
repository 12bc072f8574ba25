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
  const placedRows = boxes.map((row, y): Placed[] =>
    row.map((one, x) => ({
      ...one,
      x: margin + (inner - rowWidth(row.length)) / 2 + x * (box.width + gap.x),
      y: margin + y * (box.height + gap.y),
    })),
  );
  const placed = placedRows.flat();
  const line = lines(placedRows);
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

/** Lines from what is needed down to what needs it. One that passes a row by goes between its boxes, each in a lane of its own. */
function lines(rows: readonly (readonly Placed[])[]): (from: Placed, to: Placed) => string {
  const taken = new Map<number, number>();
  const lane = (row: readonly Placed[], wanted: number): number => {
    const lanes = [
      ...row.map(({ x }) => x - gap.x / 2),
      Math.max(...row.map(({ x }) => x)) + box.width + gap.x / 2,
    ];
    const nearest = lanes.reduce((best, x) => (Math.abs(x - wanted) < Math.abs(best - wanted) ? x : best));
    const before = taken.get(nearest) ?? 0;
    taken.set(nearest, before + 1);
    // To either side of the first by turns, as far as there is room before a box.
    const aside = Math.ceil(before / 2) * laneWidth * (before % 2 ? 1 : -1);
    return nearest + (Math.abs(aside) < gap.x / 2 ? aside : 0);
  };
  return (from, to) => {
    const between = rows.filter(([first]) => first && first.y > from.y && first.y < to.y);
    const [x1, y1] = [from.x + box.width / 2, from.y + box.height];
    const [x2, y2] = [to.x + box.width / 2, to.y - 1];
    let at = { x: x1, y: y1 };
    const path = [`M${x1} ${y1}`];
    const curve = (x: number, y: number): void => {
      const middle = (at.y + y) / 2;
      path.push(`C${at.x} ${middle} ${x} ${middle} ${x} ${y}`);
      at = { x, y };
    };
    for (const row of between) {
      const top = row[0]?.y ?? 0;
      const x = lane(row, x1 + ((x2 - x1) * (top - y1)) / (y2 - y1));
      curve(x, top);
      at = { x, y: top + box.height };
      path.push(`V${at.y}`);
    }
    curve(x2, y2);
    return `  <path d="${path.join("")}" class="e" marker-end="url(#a)"/>`;
  };
}

/** Between two lines that pass by side by side. */
const laneWidth = 6;

/** What fits into a box. */
function shortened(name: string): string {
  return name.length > 20 ? `${name.slice(0, 19)}…` : name;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
