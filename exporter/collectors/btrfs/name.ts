import { localToUnix } from '../system/local-time.ts';

/**
 * When a snapshot was taken, as its name says in the way of btrbk (btrbk.conf(5), timestamp_format): `home.20261125`,
 * `home.20261125T0330`, with seconds and zone `home.20261125T033000+0100`, and `_1` behind it for further ones of the same time.
 * @param zone of the host that took it; that of this process unless told. A name with a zone of its own does not need it.
 * @returns unix seconds; undefined for other names. A day without a time is its beginning, so that nothing looks newer than it is.
 */
export function timeInName(name: string, zone?: string): number | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00', offset] =
    /(?:^|[^0-9])(\d{4})(\d\d)(\d\d)(?:[T_-]?(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})?)?(?:_\d+)?$/.exec(name) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const time = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
  if (offset === undefined) return localToUnix(time, zone);
  const wall = localToUnix(time, 'UTC');
  return wall === undefined ? undefined : wall - seconds(offset);
}

/** `+0100` as seconds. */
function seconds(offset: string): number {
  if (offset === 'Z') return 0;
  const sign = offset.startsWith('-') ? -1 : 1;
  return sign * (Number(offset.slice(1, 3)) * 3600 + Number(offset.slice(3, 5)) * 60);
}
