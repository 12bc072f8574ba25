import type { Rule } from "./rule";

const exact = /^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/;

/** A chart without one exact version: the next deploy would install another than the one that was tried. */
export const unpinnedChart: Rule = {
  name: "unpinned-chart",
  faults: ({ releases }) =>
    releases.flatMap(({ construct, chart, attributes: { version, devel } }) => {
      const place = `construct ${construct}`;
      if (devel === true) {
        return [
          {
            place,
            text: `the chart ${chart} is taken in its newest development version (devel): remove that`,
          },
        ];
      }
      if (typeof version === "string" && exact.test(version)) return [];
      const found = version === undefined ? "no version" : `the version ${JSON.stringify(version)}`;
      return [
        {
          place,
          text: `the chart ${chart} has ${found}, expected one exact version such as 1.77.0: pin it in charts/lock.yaml (npm run charts -- update ${chart})`,
        },
      ];
    }),
};
