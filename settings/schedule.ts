import { z } from "zod";

/** The time zone of every schedule: controllers of a cluster may have another. */
export const timeZone = "Etc/UTC";

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

const named: { readonly [name: string]: string } = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
};

/**
 * When something is done, as the cluster's CronJobs take it: what they refuse would end a deploy half-way.
 *
 * @see https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format
 */
export const schedule = z.string().superRefine((text, context) => {
  const parsed = parse(text);
  if (typeof parsed === "string") context.addIssue({ code: "custom", message: parsed });
});

/**
 * When it is done next.
 *
 * @param text of a schedule, in UTC
 * @returns undefined where it is never, as on 30 February, or the text is no schedule
 */
export function nextDue(text: string, after: Date): Date | undefined {
  const parsed = parse(text);
  if (typeof parsed === "string") return undefined;
  const [minutes, hours, daysOfMonth, monthsOfYear, daysOfWeek] = parsed.map(matching);
  const isDay = (at: Date): boolean => {
    const isOf = [daysOfMonth!.has(at.getUTCDate()), daysOfWeek!.has(at.getUTCDay())];
    // Where both are restricted, one is enough.
    const isEither = !daysOfMonth!.isAny && !daysOfWeek!.isAny;
    return monthsOfYear!.has(at.getUTCMonth() + 1) && (isEither ? isOf.some(Boolean) : isOf.every(Boolean));
  };
  const [minuteMs, dayMs] = [60_000, 24 * 3_600_000];
  // 29 February is away for 8 years at most.
  const end = after.getTime() + 9 * 366 * dayMs;
  for (let ms = (Math.floor(after.getTime() / minuteMs) + 1) * minuteMs; ms < end;) {
    const at = new Date(ms);
    if (!isDay(at)) ms = (Math.floor(ms / dayMs) + 1) * dayMs;
    else if (hours!.has(at.getUTCHours()) && minutes!.has(at.getUTCMinutes())) return at;
    else ms += minuteMs;
  }
  return undefined;
}

/** Each or every so many of the values from one to another. */
interface Range {
  readonly first: number;
  readonly last: number;
  readonly step: number;
  /** Whether it restricts nothing. */
  readonly isAny: boolean;
}

/** The ranges of each field, or what is wrong. */
function parse(text: string): (readonly Range[])[] | string {
  const given = (named[text] ?? text).split(" ");
  if (given.length !== fields.length) {
    return 'expected when, as cron writes it in five fields, such as "0 3 * * *", or @daily';
  }
  const parsed = fields.map(([, ...range], i) => given[i]!.split(",").map((one) => rangeOf(one, ...range)));
  const wrong = fields.find((_, i) => parsed[i]!.includes(undefined));
  if (wrong) return `expected ${wrong[1]} to ${wrong[2]} for the ${wrong[0]}`;
  return parsed as Range[][];
}

function rangeOf(text: string, least: number, most: number, names: readonly string[]): Range | undefined {
  const [, from = "", to, steps = "1"] = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(text) ?? [];
  const value = (one: string): number => {
    const at = names.indexOf(one.toLowerCase());
    return at >= 0 ? least + at : /^\d+$/.test(one) ? Number(one) : NaN;
  };
  const isAll = from === "*" || from === "?";
  const step = Number(steps);
  const first = isAll ? least : value(from);
  // One that has steps goes as far as it can.
  const last = to !== undefined ? value(to) : isAll || text.includes("/") ? most : first;
  const isRight =
    step >= 1 && least <= first && first <= last && last <= most && !(isAll && to !== undefined);
  return isRight ? { first, last, step, isAny: isAll && step === 1 } : undefined;
}

function matching(ranges: readonly Range[]): { readonly isAny: boolean; has(value: number): boolean } {
  return {
    isAny: ranges.some(({ isAny }) => isAny),
    has: (value) =>
      ranges.some(({ first, last, step }) => first <= value && value <= last && (value - first) % step === 0),
  };
}
