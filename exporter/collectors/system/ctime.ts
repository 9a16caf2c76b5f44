import type { LocalTime } from './local-time.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time as ctime(3) writes it, `Wed Nov 25 22:19:23 2026`, in the zone of who wrote it; undefined for anything else. */
export function parseCtime(text: string): LocalTime | undefined {
  const [, name, day, hour, minute, second, year] =
    /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})$/.exec(text.trim()) ?? [];
  const month = months.indexOf(name ?? '') + 1;
  if (month === 0) return undefined;
  return {
    year: Number(year),
    month,
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
}
