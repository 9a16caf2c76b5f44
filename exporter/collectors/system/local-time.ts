/** A date and a time of day as logs write them, without a zone. */
export interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Longer than any shift of a clock; the largest was a day, when Samoa left out 30 December 2011. */
const day = 86_400;

/**
 * The moment at which clocks in a zone showed this time, unix seconds. Where they showed it twice (the end of summer time) or
 * never (its beginning), it is the earlier of the two moments that can be meant, so that nothing ever looks newer than it is:
 * the same as `disambiguation: 'earlier'` of Temporal.
 * @param zone IANA name; the zone of this process unless told.
 * @returns undefined for what no calendar has, such as 30 February or 24:00:00.
 * @throws RangeError for a zone that does not exist.
 */
export function localToUnix(local: LocalTime, zone?: string): number | undefined {
  const wall = wallSeconds(local);
  if (wall === undefined) return undefined;
  const offsetAt = zone === undefined ? ownOffset : offsetIn(zone);
  const before = offsetAt(wall - day);
  const after = offsetAt(wall + day);
  if (before === after) return wall - before;
  const moments = [wall - before, wall - after].toSorted((a, b) => a - b);
  return moments.find((moment) => moment + offsetAt(moment) === wall) ?? moments[0];
}

/** The same date and time in UTC, unix seconds. */
function wallSeconds({ year, month, day: date, hour, minute, second }: LocalTime): number | undefined {
  const utc = new Date(Date.UTC(year, month - 1, date, hour, minute, second));
  const real =
    utc.getUTCFullYear() === year &&
    utc.getUTCMonth() === month - 1 &&
    utc.getUTCDate() === date &&
    utc.getUTCHours() === hour &&
    utc.getUTCMinutes() === minute &&
    utc.getUTCSeconds() === second;
  return real ? utc.getTime() / 1000 : undefined;
}

/** Seconds that clocks are ahead of UTC; asked thousands of times for a long log, so without Intl. */
const ownOffset = (moment: number): number => new Date(moment * 1000).getTimezoneOffset() * -60;

/** Whether a zone of this name exists. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

function offsetIn(zone: string): (moment: number) => number {
  const format = formats.get(zone) ?? formatOf(zone);
  formats.set(zone, format);
  return (moment) => {
    const parts = new Map(
      format.formatToParts(moment * 1000).map(({ type, value }) => [type, Number(value)]),
    );
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? NaN;
    const wall = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return wall / 1000 - moment;
  };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}
