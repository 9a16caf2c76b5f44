import { vector } from '../../exporter/metrics.ts';
import type { BackupsFacts } from '../facts/backups.ts';
import type { Measuring } from '../kpi.ts';
import { askedAt, rangeOf } from '../month-query.ts';
import type { Samples } from '../prometheus.ts';
import { byText, keyOf } from './month-end.ts';

type Restore = BackupsFacts['restores'][number];

/** Seconds between two looks; of restores closer to each other the newer one is seen. */
const step = 6 * 3600;

/** Every restore test of the month that was seen, newest first. */
export async function readRestores({
  prometheus,
  customer,
  month: { period },
}: Measuring): Promise<BackupsFacts['restores']> {
  const tested = vector('maintenance_backup_restore_test_timestamp_seconds', { customer });
  // Of jobs without one in the month nothing is answered.
  const inMonth = `${tested} >= ${period.start} < ${period.end}`;
  const over = (facts: string): Promise<readonly Samples[]> =>
    prometheus.samples(`(${facts})[${rangeOf(period).slice(1, -1)}:${step}s]`, askedAt(period));
  const [tests, ...others] = await Promise.all([
    over(inMonth),
    ...(
      [
        'maintenance_backup_restore_test_success',
        'maintenance_backup_restore_test_duration_seconds',
        'maintenance_backup_restore_test_bytes',
      ] as const
    ).map((name) => over(`${vector(name, { customer })} and on (instance, tool, backup_job) (${inMonth})`)),
  ]);
  const [success, duration, bytes] = others.map((answer) => {
    const series = new Map(answer.map((each) => [nameOf(each), new Map(pairs(each))]));
    return (each: Samples, at: number): number | undefined => series.get(nameOf(each))?.get(at);
  });
  const found = tests.flatMap((series) => {
    // What was told of a test is told at the same looks.
    const firstLooks = new Map(
      pairs(series)
        .map(([at, value]) => [value, at] as const)
        .toReversed(),
    );
    return [...firstLooks].map(([at, look]): Restore => {
      const verdict = success?.(series, look);
      return {
        instance: series.labels['instance'] ?? '',
        job: series.labels['backup_job'] ?? '',
        tool: series.labels['tool'] ?? '',
        at,
        success: verdict === undefined ? null : verdict === 1,
        duration: duration?.(series, look) ?? null,
        bytes: bytes?.(series, look) ?? null,
      };
    });
  });
  return found.toSorted(
    (one, other) => other.at - one.at || byText(one.instance + one.job, other.instance + other.job),
  );
}

function pairs({ instants, values }: Samples): readonly (readonly [at: number, value: number])[] {
  return instants.map((at, index) => [at, values[index] ?? 0]);
}

function nameOf({ labels }: Samples): string {
  return keyOf([labels['instance'] ?? '', labels['tool'] ?? '', labels['backup_job'] ?? '']);
}
