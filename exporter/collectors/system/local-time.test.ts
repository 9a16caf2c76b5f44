import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localToUnix, type LocalTime } from './local-time.ts';

const zones = [
  'Europe/Madrid',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'UTC',
];

/** `2026-10-25 02:30:00` as a log writes it. */
function local(text: string): LocalTime {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/\D/).map(Number);
  return { year, month, day, hour, minute, second };
}
const iso = (text: string, zone?: string) => {
  const moment = localToUnix(local(text), zone);
  return moment === undefined ? undefined : new Date(moment * 1000).toISOString().replace('.000', '');
};

/** What clocks show, by another way than the one under test. */
const clocks = new Map(
  zones.map((zone) => [
    zone,
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }),
  ]),
);
const shown = (moment: number, zone: string) => clocks.get(zone)?.format(moment * 1000) ?? '';

describe('a local time', () => {
  test.each(zones)('in %s is the moment at which clocks show it, and the earliest such moment', (zone) => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2000) / 1000, max: Date.UTC(2037) / 1000 }), (moment) => {
        const found = localToUnix(local(shown(moment, zone)), zone);
        if (found === undefined) throw new Error('clocks showed it');
        expect(shown(found, zone)).toBe(shown(moment, zone));
        expect(found).toBeLessThanOrEqual(moment);
        expect(moment - found).toBeLessThanOrEqual(3600);
      }),
      { numRuns: 300 },
    );
  });

  test.each(zones)('in %s is exact all around every change of the clocks', (zone) => {
    const start = Date.UTC(2026) / 1000;
    for (let moment = start; moment < start + 366 * 86_400; moment += 1800) {
      const text = shown(moment, zone);
      const earliest = [moment - 3600, moment - 1800].find((earlier) => shown(earlier, zone) === text);
      expect(localToUnix(local(text), zone), text).toBe(earliest ?? moment);
    }
  });

  test.each([
    ['2026-07-01 12:00:00', 'Europe/Madrid', '2026-07-01T10:00:00Z'],
    ['2026-01-01 00:00:00', 'Asia/Kolkata', '2025-12-31T18:30:00Z'],
    ['2026-01-01 12:00:00', 'America/New_York', '2026-01-01T17:00:00Z'],
    ['2026-01-01 12:00:00', 'Australia/Lord_Howe', '2026-01-01T01:00:00Z'],
    ['2028-02-29 00:00:00', 'UTC', '2028-02-29T00:00:00Z'],
  ])('%s in %s is %s', (text, zone, expected) => expect(iso(text, zone)).toBe(expected));

  test.each([
    ['2026-10-25 02:30:00', 'Europe/Madrid', '2026-10-25T00:30:00Z'],
    ['2026-11-01 01:30:00', 'America/New_York', '2026-11-01T05:30:00Z'],
    ['2026-04-05 01:45:00', 'Australia/Lord_Howe', '2026-04-04T14:45:00Z'],
  ])('that clocks show twice, %s in %s, is the earlier one: nothing looks newer', (text, zone, expected) =>
    expect(iso(text, zone)).toBe(expected),
  );

  test.each([
    ['2026-03-29 02:30:00', 'Europe/Madrid', '2026-03-29T00:30:00Z'],
    ['2026-03-08 02:30:00', 'America/New_York', '2026-03-08T06:30:00Z'],
    ['2026-10-04 02:15:00', 'Australia/Lord_Howe', '2026-10-03T15:15:00Z'],
    ['2011-12-30 12:00:00', 'Pacific/Apia', '2011-12-29T22:00:00Z'],
  ])('that clocks never show, %s in %s, is the earlier moment that can be meant', (text, zone, expected) =>
    expect(iso(text, zone)).toBe(expected),
  );

  test.each([
    '2026-02-30 00:00:00',
    '2026-13-01 00:00:00',
    '2026-01-01 24:00:00',
    '2026-01-01 00:61:00',
    '0026-01-01 00:00:00',
    '',
  ])('that no calendar has (%s) is unknown', (text) =>
    expect(localToUnix(local(text), 'UTC')).toBeUndefined(),
  );

  test.each(['Europe/Madrid', 'America/New_York', 'Australia/Lord_Howe', 'UTC'])(
    'without a zone is one of this process, here %s',
    (zone) => {
      const times = [
        '2026-07-01 12:00:00',
        '2026-10-25 02:30:00',
        '2026-03-29 02:30:00',
        '2026-11-01 01:30:00',
      ];
      const module = new URL('local-time.ts', import.meta.url).href;
      const program = `import { localToUnix } from '${module}'; console.log(JSON.stringify(${JSON.stringify(times.map(local))}.map((one) => localToUnix(one))))`;
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
        encoding: 'utf8',
        env: { ...process.env, TZ: zone },
      });
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual(times.map((text) => localToUnix(local(text), zone)));
    },
  );

  test('in a zone that does not exist is an error', () =>
    expect(() => localToUnix(local('2026-01-01 00:00:00'), 'Mars/Olympus')).toThrow(RangeError));
});
