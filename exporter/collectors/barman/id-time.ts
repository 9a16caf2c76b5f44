import { type LocalTime, localToUnix } from '../system/local-time.ts';

/** Zones differ from UTC by multiples of this, seconds. */
const step = 900;
/** How far the clocks of barman and PostgreSQL may be apart, seconds. */
const skew = 120;

/**
 * Seconds that the clock of barman was ahead of UTC when it named a backup. Its id is the local time of barman
 * (barman/backup.py, `datetime.now()`), of which only barman knows the zone; when the backup began is told in unix seconds,
 * a little later (it waits for a checkpoint).
 * @param begun unix seconds.
 * @returns undefined when the two have nothing to do with each other.
 */
export function offsetOf(id: string, begun: number | undefined): number | undefined {
  const named = localTime(id);
  const utc = named === undefined ? undefined : localToUnix(named, 'UTC');
  if (utc === undefined || begun === undefined) return undefined;
  const offset = Math.ceil((utc - begun - skew) / step) * step;
  return offset < -12 * 3600 || offset > 14 * 3600 ? undefined : offset + 0;
}

/**
 * When barman named a backup, unix seconds.
 * @param offset as `offsetOf` found it; the zone of this process unless told.
 */
export function timeOf(id: string, offset: number | undefined): number | undefined {
  const named = localTime(id);
  if (named === undefined) return undefined;
  if (offset === undefined) return localToUnix(named);
  const utc = localToUnix(named, 'UTC');
  return utc === undefined ? undefined : utc - offset;
}

function localTime(id: string): LocalTime | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/.exec(id)?.slice(1).map(Number);
  const [year, month, day, hour, minute, second] = parts ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (hour === undefined || minute === undefined || second === undefined) return undefined;
  return { year, month, day, hour, minute, second };
}
