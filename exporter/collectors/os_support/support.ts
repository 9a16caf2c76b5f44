/** When support of a release ends, and how that is known. */
export interface Support {
  /** Last day with updates: `2028-06-30`. */
  readonly end: string;
  /** Last day with updates that are paid for, where the vendor sells them. */
  readonly extended?: string;
  /** As of when this is known, unix seconds. */
  readonly asOf: number;
}

const day = 86_400;

/**
 * The end of the named day in UTC, unix seconds: vendors name a day and no zone.
 * @returns undefined for what is no date, such as 2027-02-30.
 */
export function endOfDay(date: string): number | undefined {
  const start = startOfDay(date);
  return start === undefined ? undefined : start + day;
}

/** The beginning of the named day in UTC, unix seconds; undefined for what is no date. */
export function startOfDay(date: string): number | undefined {
  const [, year, month, dayOfMonth] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? [];
  const utc = new Date(Date.UTC(Number(year), Number(month) - 1, Number(dayOfMonth)));
  const real = utc.getUTCMonth() === Number(month) - 1 && utc.getUTCDate() === Number(dayOfMonth);
  return real ? utc.getTime() / 1000 : undefined;
}
