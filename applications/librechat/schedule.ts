import { z } from "zod";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** The five fields: what each is, from where to where it goes, and how its values are also called. */
const fields: readonly (readonly [what: string, least: number, most: number, names: readonly string[]])[] = [
  ["minutes", 0, 59, []],
  ["hours", 0, 23, []],
  ["days of a month", 1, 31, []],
  ["months", 1, 12, months],
  ["days of a week, from Sunday", 0, 6, days],
];

/**
 * When something is done, as the cluster's CronJobs take it: what they refuse would end a deploy half-way.
 *
 * @see https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format
 */
export const schedule = z.string().superRefine((text, context) => {
  const message = faultOf(text);
  if (message) context.addIssue({ code: "custom", message });
});

function faultOf(text: string): string | undefined {
  if (/^@(hourly|daily|weekly|monthly)$/.test(text)) return undefined;
  const given = text.split(" ");
  if (given.length !== fields.length) {
    return 'expected when, as cron writes it in five fields, such as "0 3 * * *", or @daily';
  }
  const wrong = fields.find(
    ([, ...range], i) => !given[i]!.split(",").every((one) => isRange(one, ...range)),
  );
  return wrong && `expected ${wrong[1]} to ${wrong[2]} for the ${wrong[0]}`;
}

/** Whether it is one value, all of them or those from one to another, each or every so many. */
function isRange(text: string, least: number, most: number, names: readonly string[]): boolean {
  const [, from = "", to = from, step = "1"] = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(text) ?? [];
  const value = (one: string): number => {
    const at = names.indexOf(one.toLowerCase());
    return at >= 0 ? least + at : /^\d+$/.test(one) ? Number(one) : NaN;
  };
  if (Number(step) < 1) return false;
  if (from === "*" || from === "?") return to === from;
  return least <= value(from) && value(from) <= value(to) && value(to) <= most;
}
