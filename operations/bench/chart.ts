import type { Measured } from "./bench";
import { type Side, sides, titles } from "./figure";

/** Of a picture, in pixels. */
const [width, left, barHeight, gap, groupGap, top] = [760, 190, 15, 3, 16, 62] as const;

/** Middle tones: each is told from the others, and read on white and on black. */
const colours: { readonly [side in Side]: string } = {
  platform: "#2f81f7",
  terraform: "#8b949e",
  byHand: "#d29922",
  objects: "#c2555a",
};

/** Bars of one figure, of all sides, at each size: an SVG that can be read on a light and on a dark page. */
export function chart(measured: readonly Measured[], title: string): string {
  const shown = measured.filter((one) => one.title === title);
  const sizes = [...new Set(shown.map(({ size }) => size))];
  const longest = Math.max(...shown.map(({ median }) => median));
  const scale = (value: number): number => Math.max(1, (value / longest) * (width - left - 80));
  const parts: string[] = [];
  let y = top;
  for (const size of sizes) {
    const bars = shown.filter((one) => one.size === size);
    const middle = y + (bars.length * (barHeight + gap)) / 2;
    parts.push(
      `<text class="text" x="${left - 14}" y="${middle + 4}" text-anchor="end">${size} applications</text>`,
    );
    for (const { side, median, unit } of bars) {
      const length = scale(median).toFixed(1);
      parts.push(
        `<rect x="${left}" y="${y}" width="${length}" height="${barHeight}" rx="2" fill="${colours[side]}"><title>${titles[side]}</title></rect>`,
        `<text class="text" x="${left + Number(length) + 7}" y="${y + 12}">${median.toFixed(1)} ${unit}</text>`,
      );
      y += barHeight + gap;
    }
    y += groupGap;
  }
  const named = sides.filter((side) => shown.some((one) => one.side === side));
  let x = 14;
  const legend = named.map((side) => {
    const at = x;
    // Letters of that size take six to seven pixels each.
    x += 36 + 6.6 * titles[side].length;
    return `<rect x="${at.toFixed(0)}" y="34" width="11" height="11" rx="2" fill="${colours[side]}"/><text class="text" x="${(at + 16).toFixed(0)}" y="44">${titles[side]}</text>`;
  });
  return `<!-- Drawn by npm run bench with its option readme: change operations/bench/chart.ts instead. -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img" aria-label="${title}: seconds, by the number of applications">
<style>
  .text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 14px }
  @media (prefers-color-scheme: dark) { .text { fill: #e6edf3 } }
</style>
<text class="text title" x="14" y="20">${title}</text>
${[...legend, ...parts].join("\n")}
</svg>
`;
}
