import { days, fact, hours, type Lasting, minutes, scraped, type Series, step } from './facts.ts';
import type { RecordCase, Verdict } from './record-cases.ts';

const disk = { disk: 'd1' } as const;
const unknown = { known: 0, compliant: 0 } as const;
const never = { known: 1, compliant: 0, age: Infinity } as const;

const known = (age: number) => ({ known: 1, compliant: 1, age }) as const;

type Kind = 'short' | 'extended' | 'offline';
const logged = (count: number, lasting: Lasting = {}): Series =>
  fact('maintenance_disk_self_tests_logged', disk, count, lasting);
/** The last test of a kind that came to a verdict, and when it ended. */
const tested = (kind: Kind, passed: 0 | 1, at: number | undefined, lasting: Lasting = {}): Series => ({
  ...fact('maintenance_disk_self_test_last_success', { ...disk, kind }, passed, lasting),
  ...(at === undefined
    ? {}
    : fact('maintenance_disk_self_test_last_timestamp_seconds', { ...disk, kind }, at, lasting)),
});
const ran = (seconds: number): Series => fact('maintenance_disk_power_on_seconds_total', disk, seconds);
const info: Series = fact(
  'maintenance_disk_info',
  { ...disk, device: '/dev/sda', protocol: 'ATA', kind: 'hdd', model: 'M', serial: 'S', firmware: 'F' },
  1,
);

/** What the control disk_self_test makes of what a disk tells. */
export function selfTestCases(verdict: Verdict): readonly RecordCase[] {
  const at = 6 * hours;
  const one = (title: string, series: Series, expected: Parameters<Verdict>[1][string]): RecordCase => ({
    fact: title,
    series: { ...scraped(), ...info, ...series },
    at,
    expect: verdict('disk_self_test', { d1: expected }),
  });
  return [
    one(
      'the newest self-test that passed counts, of whatever kind',
      {
        ...logged(2),
        ...tested('short', 1, 5 * hours),
        ...tested('extended', 1, -9 * days),
      },
      known(hours),
    ),
    one(
      'never green: a failed self-test, beside one of another kind that passed before it',
      {
        ...tested('short', 0, 5 * hours),
        ...tested('extended', 1, 4 * hours),
      },
      never,
    ),
    one(
      'never green: a short self-test that passed does not outdate an extended one that failed',
      {
        ...tested('extended', 0, 2 * hours),
        ...tested('short', 1, 5 * hours),
      },
      never,
    ),
    one(
      'an extended self-test that passed outdates a short one that failed before it',
      {
        ...tested('short', 0, 2 * hours),
        ...tested('extended', 1, 5 * hours),
      },
      known(hours),
    ),
    one(
      'never green: a failed self-test of unknown date is not outdated',
      {
        ...tested('short', 0, undefined),
        ...tested('extended', 1, 5 * hours),
      },
      never,
    ),
    one('never green: a log without any self-test, or without any that came to a verdict', logged(0), never),
    one('never green: a log of self-tests that were all aborted', logged(21), never),
    one(
      'a disk that was never tested has gone untested for as long as it has run',
      { ...logged(0), ...ran(100 * days) },
      { known: 1, compliant: 0, age: 100 * days },
    ),
    one(
      'a new disk has time until its first self-test',
      { ...logged(0), ...ran(2 * hours) },
      known(2 * hours),
    ),
    one(
      'never green: a new disk that failed its first self-test',
      { ...logged(1), ...ran(2 * hours), ...tested('short', 0, 5 * hours) },
      never,
    ),
    one('a disk that keeps no log of its self-tests is expected and unknown', {}, unknown),
    one(
      'a self-test that passed and has no date is unknown',
      {
        ...logged(1),
        ...tested('short', 1, undefined),
      },
      unknown,
    ),
    one('a self-test in the future is unknown', tested('short', 1, at + hours), unknown),
    one(
      'collecting data offline is no self-test',
      {
        ...logged(1),
        ...tested('offline', 1, 5 * hours),
      },
      never,
    ),
    {
      fact: 'a sleeping disk is judged by the self-test that was known when it fell asleep, and that grows older',
      series: {
        ...scraped(),
        ...info,
        ...tested('short', 1, 2 * hours, { samples: (3 * hours) / step }),
        ...fact('maintenance_disk_standby', disk, 1, { from: (3 * hours) / step }),
      },
      at: 3 * days,
      expect: verdict('disk_self_test', { d1: known(3 * days - 2 * hours) }),
    },
    {
      fact: 'never green: a disk that failed its self-test and fell asleep',
      series: {
        ...scraped(),
        ...info,
        ...tested('short', 0, 2 * hours, { samples: (3 * hours) / step }),
        ...fact('maintenance_disk_standby', disk, 1, { from: (3 * hours) / step }),
      },
      at: 3 * days,
      expect: verdict('disk_self_test', { d1: never }),
    },
    {
      fact: 'a disk that was asleep and cannot be asked any more is unknown',
      series: {
        ...scraped(),
        ...info,
        ...tested('short', 1, 2 * hours, { samples: (3 * hours) / step }),
        ...fact('maintenance_disk_standby', disk, 1, { from: (3 * hours) / step, samples: 12 }),
        ...fact('maintenance_disk_readable', disk, 0, { from: (6 * hours) / step }),
      },
      at: 6 * hours + 15 * minutes,
      expect: verdict('disk_self_test', {
        d1: { ...unknown, age: 4 * hours + 15 * minutes },
      }),
    },
  ];
}
