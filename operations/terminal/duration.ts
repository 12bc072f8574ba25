import { OperationError } from "../errors/operation-error";

const units = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/**
 * A duration such as `90s`, `10m` or `1h`, in milliseconds.
 *
 * @param option what is named in the error, such as `--wait`
 * @throws OperationError for anything else
 */
export function duration(text: string, option: string): number {
  const [, count, unit] = /^(\d+)([smh])$/.exec(text) ?? [];
  if (!count || !unit) {
    throw new OperationError(`${option}: found "${text}", expected a duration such as 90s, 10m or 1h`);
  }
  return Number(count) * units[unit as keyof typeof units];
}
